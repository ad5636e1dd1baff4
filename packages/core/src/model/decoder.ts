/** @file The one type that geometry needs of a model: its decoder. */
import { InputError } from "../array/errors.ts";
import type { Graph } from "../graph/graph.ts";
import { topological } from "../graph/graph.ts";
import type { Value } from "../graph/value.ts";
import { describeShape } from "../graph/value.ts";

/** A map from latent space to data space, z: [n, d] to mean: [n, D]. */
export interface Decoder {
  readonly graph: Graph;
  readonly latentDimension: number;
  readonly dataDimension: number;
  /** Piecewise smooth only (ReLU and its kin): second derivatives say nothing of it (App. B). */
  readonly kinked: boolean;
}

const kinks = new Set(["Relu", "LeakyRelu", "Abs", "Max", "Min", "ReduceMax", "Where", "Sign"]);

/** Checks that a graph is a decoder: input `z` [n, d], output `mean` [n, D]. */
export function decoder(graph: Graph): Decoder {
  const z = graph.inputs.z;
  const mean = graph.outputs.mean;
  const isMatrix = (value: Value | undefined): value is Value =>
    value?.shape.length === 2 && value.shape[0] === "n" && typeof value.shape[1] === "number";
  if (!isMatrix(z) || !isMatrix(mean)) {
    const shape = (value: Value | undefined) => (value ? describeShape(value.shape) : "nothing");
    throw new InputError(
      `decoder: expected input z [n, d] and output mean [n, D], got z ${shape(z)} and mean ${shape(mean)}`,
    );
  }
  return {
    graph,
    latentDimension: z.shape[1] as number,
    dataDimension: mean.shape[1] as number,
    kinked: topological([mean]).some((value) => kinks.has(value.operator.name)),
  };
}
