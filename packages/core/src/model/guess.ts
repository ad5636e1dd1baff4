/** @file What the graph of a foreign decoder says of the noise around its mean. */
import type { Likelihood } from "../format/model.ts";
import type { Value } from "../graph/value.ts";
import type { Decoder } from "./decoder.ts";

const moved = new Set(["Reshape", "Transpose", "Expand"]);

/** Bernoulli where the last thing that is computed is a sigmoid; Gaussian otherwise. */
export function guessLikelihood({ graph }: Decoder): Likelihood {
  let last = graph.outputs.mean as Value;
  while (moved.has(last.operator.name)) last = last.inputs[0] as Value;
  return last.operator.name === "Sigmoid" ? "bernoulli" : "gaussian";
}
