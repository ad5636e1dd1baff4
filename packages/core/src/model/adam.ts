/**
 * @file Adam (Kingma and Ba 2014, Algorithm 1) over flat arrays, in place.
 *
 * It runs here and not in the graph: over 792,000 parameters both take about the same time, and
 * here a checkpoint needs no second set of buffers. `npm run bench -- training` measures both.
 */
import type { FloatArray } from "../array/tensor.ts";

export interface AdamState<Floats extends FloatArray = Float32Array> {
  readonly parameters: Floats;
  /** First and second moment, of the length of `parameters`; zeros at the start. */
  readonly first: Floats;
  readonly second: Floats;
}

export interface AdamOptions {
  /** Number of the update, from 1. */
  readonly step: number;
  readonly learningRate: number;
  /** The gradient is multiplied by this; 1 by default. */
  readonly scale?: number;
  /** Decay of the moments and the guard of the division: 0.9, 0.999, 1e-8 as published. */
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** One update. Works in float64 between reading and writing. */
export function adam(
  { parameters, first, second }: AdamState<FloatArray>,
  gradient: FloatArray,
  { step, learningRate, scale = 1, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
): void {
  // The bias corrections, moved out of the loop: m-hat / (sqrt(v-hat) + epsilon).
  const rate = learningRate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  const rest1 = (1 - beta1) * scale;
  const rest2 = (1 - beta2) * scale * scale;
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i] as number;
    const m = beta1 * (first[i] as number) + rest1 * g;
    const v = beta2 * (second[i] as number) + rest2 * g * g;
    first[i] = m;
    second[i] = v;
    parameters[i] = (parameters[i] as number) - (rate * m) / (Math.sqrt(v) * correction + epsilon);
  }
}

/** Euclidean norm of a gradient; NaN or infinite where an element is. */
export function gradientNorm(gradient: Float32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = gradient.length - (gradient.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += (gradient[i] as number) * (gradient[i] as number);
    b += (gradient[i + 1] as number) * (gradient[i + 1] as number);
    c += (gradient[i + 2] as number) * (gradient[i + 2] as number);
    d += (gradient[i + 3] as number) * (gradient[i + 3] as number);
  }
  for (let i = whole; i < gradient.length; i++) a += (gradient[i] as number) ** 2;
  return Math.sqrt(a + b + c + d);
}
