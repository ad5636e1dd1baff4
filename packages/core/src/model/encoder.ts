/** @file What geometry asks of a model that can encode: where in latent space an observation is. */
import { InputError } from "../array/errors.ts";
import type { Graph } from "../graph/graph.ts";
import { graph } from "../graph/graph.ts";
import type { Value } from "../graph/value.ts";
import { describeShape } from "../graph/value.ts";

/** The mean of q(z|x): x: [n, D] to mean: [n, d]. */
export interface Encoder {
  readonly graph: Graph;
  readonly dataDimension: number;
  readonly latentDimension: number;
}

/** Checks that a graph is an encoder: input `x` [n, D], output `mean` [n, d]; others are dropped. */
export function encoder({ inputs, outputs }: Graph): Encoder {
  const { x } = inputs;
  const { mean } = outputs;
  const isMatrix = (value: Value | undefined): value is Value =>
    value?.shape.length === 2 && value.shape[0] === "n" && typeof value.shape[1] === "number";
  if (!isMatrix(x) || !isMatrix(mean) || Object.keys(inputs).length > 1) {
    const shape = (value: Value | undefined) => (value ? describeShape(value.shape) : "nothing");
    throw new InputError(
      `encoder: expected one input x [n, D] and output mean [n, d], got ${Object.keys(inputs).join(", ")}: x ${shape(x)} and mean ${shape(mean)}`,
    );
  }
  return {
    graph: graph([x], { mean }),
    dataDimension: x.shape[1] as number,
    latentDimension: mean.shape[1] as number,
  };
}
