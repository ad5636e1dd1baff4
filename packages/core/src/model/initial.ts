/**
 * @file Where a training starts: random weights, and what the data say at a glance.
 *
 * The decoder starts at the mean of the data and sigma at the spread around it, which is the best
 * a decoder can do that does not look at z; the encoder starts at the principal components. The
 * paper leaves this open.
 */
import type { Tensor } from "../array/tensor.ts";
import type { Engine } from "../engine/engine.ts";
import type { ModelSpec } from "./network.ts";
import { network } from "./network.ts";
import { startAtPrincipalComponents } from "./principal.ts";
import type { TrainingState } from "./train.ts";
import { initialState } from "./train.ts";

export interface StartOptions {
  readonly engine: Engine;
  readonly spec: ModelSpec;
  readonly data: Tensor<"float32">;
  readonly seed: number;
}

/** A state of step 0. */
export async function startFromData(options: StartOptions): Promise<TrainingState> {
  const { engine, data, seed } = options;
  const spec: ModelSpec = { ...options.spec, ...spread(data) };
  const state = initialState(network(spec), seed);
  await startAtPrincipalComponents(state.parameters, { engine, spec, data, seed });
  return state;
}

/** Mean of each column, and the root of the mean variance over all columns. */
function spread({ shape, data }: Tensor<"float32">) {
  const [n, width] = shape as [number, number];
  const dataMean = new Array<number>(width).fill(0);
  for (let i = 0; i < data.length; i++)
    dataMean[i % width] = (dataMean[i % width] as number) + (data[i] as number) / n;
  let squares = 0;
  for (let i = 0; i < data.length; i++)
    squares += ((data[i] as number) - (dataMean[i % width] as number)) ** 2;
  // Data that do not vary would have no density.
  return { dataMean, sigma: Math.max(1e-3, Math.sqrt(squares / data.length)) };
}
