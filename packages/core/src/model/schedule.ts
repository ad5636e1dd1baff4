/**
 * @file What changes over the steps of a training: learning rate, weight of the prior, the order
 * of the data, the noise. Each is a function of seed and step, so resuming needs no other state.
 */
import { random } from "../array/random.ts";

export interface TrainingSettings {
  readonly steps: number;
  readonly batchSize: number;
  /** K of Eq. 3. */
  readonly samples: number;
  /** Of them, those whose gradient is taken, drawn by their weights; all K by default. */
  readonly gradientSamples?: number;
  readonly learningRate: number;
  /** Steps over which the learning rate rises from 0; 0 by default. */
  readonly warmUp?: number;
  /** Share of the learning rate that a cosine leaves at the end; 1, no decay, by default. */
  readonly finalRate?: number;
  /** Weight of the prior term at the start, and steps until it is 1; 1 and 0 by default. */
  readonly priorStart?: number;
  readonly priorWarmUp?: number;
  /** Longest gradient (its Euclidean norm); longer ones are shortened. Infinity by default. */
  readonly clip?: number;
}

/** Learning rate of a step, counted from 0. */
export function learningRate(settings: TrainingSettings, step: number): number {
  const { steps, warmUp = 0, finalRate = 1 } = settings;
  const rise = warmUp > 0 ? Math.min(1, (step + 1) / warmUp) : 1;
  const passed = Math.min(1, step / Math.max(1, steps));
  const decay = finalRate + (1 - finalRate) * 0.5 * (1 + Math.cos(Math.PI * passed));
  return settings.learningRate * rise * decay;
}

/** What multiplies ln p(z) - ln q(z|x) at a step, counted from 0. */
export function priorWeight(settings: TrainingSettings, step: number): number {
  const { priorStart = 1, priorWarmUp = 0 } = settings;
  return step >= priorWarmUp ? 1 : priorStart + (1 - priorStart) * (step / priorWarmUp);
}

/** Which rows the step takes: every epoch its own order; the last, incomplete batch is left out. */
export function minibatches(
  seed: number,
  rows: number,
  batchSize: number,
): (step: number) => Uint32Array {
  const perEpoch = Math.floor(rows / batchSize);
  let known = -1;
  let order = new Uint32Array();
  return (step) => {
    const epoch = Math.floor(step / perEpoch);
    if (epoch !== known) {
      order = random(seed, "order", epoch).permutation(rows) as Uint32Array<ArrayBuffer>;
      known = epoch;
    }
    const start = (step % perEpoch) * batchSize;
    return order.subarray(start, start + batchSize);
  };
}

/** Fills `noise` with the standard normal numbers of a step. */
export function drawNoise(seed: number, step: number, noise: Float32Array): void {
  const { normal } = random(seed, "noise", step);
  for (let i = 0; i < noise.length; i++) noise[i] = normal();
}
