/** @file What can be chosen about the paper's solver, and what is chosen where the paper is silent. */
import { InputError } from "../../../array/errors.ts";
import type { Boundary } from "../../../curve/network.ts";
import type { Objective } from "./graphs.ts";

export interface NeuralOptions {
  /** How the curve meets its end points; `additive` by default. */
  readonly boundary?: Boundary;
  /** What is made small: the `length` of Eq. 10 by default. */
  readonly objective?: Objective;
  /** Steps of Adam on the objective at most. */
  readonly iterations?: number;
  /** Of Adam, in training and pre-training; 1e-2 (Table 1). */
  readonly learningRate?: number;
  /** Sample points of the objective; 500 (Table 1). */
  readonly points?: number;
  /** Random curves that networks are fitted to, of each pair: n of Appendix A. */
  readonly curves?: number;
  /** Degree of those curves: K of Appendix A. */
  readonly degree?: number;
  /** Steps of Adam on each of those fits. */
  readonly pretrainIterations?: number;
  /** Weight of the greatest speed in the choice of a model: λ_φ of Appendix A. */
  readonly lambdaPhi?: number;
  /** Measure the model every so many iterations and keep the lengths; 0, the default, is never. */
  readonly traceEvery?: number;
}

export type NeuralSettings = Required<NeuralOptions>;

export const neuralDefaults: NeuralSettings = {
  boundary: "additive",
  objective: "length",
  iterations: 500,
  learningRate: 1e-2,
  points: 500,
  curves: 5,
  degree: 4,
  pretrainIterations: 100,
  lambdaPhi: 0.01,
  traceEvery: 0,
};

/** The options with what they leave out. Throws `InputError` where one is not what it may be. */
export function neuralSettings(options: NeuralOptions): NeuralSettings {
  const settings = { ...neuralDefaults, ...options };
  const check = (name: keyof NeuralOptions, expected: string, fits: (x: number) => boolean) => {
    if (!fits(settings[name] as number))
      throw new InputError(`neural: ${name}: expected ${expected}, got ${settings[name]}`);
  };
  for (const name of ["points", "curves", "degree"] as const)
    check(name, "a whole number of at least 1", (x) => Number.isInteger(x) && x >= 1);
  for (const name of ["iterations", "pretrainIterations", "traceEvery"] as const)
    check(name, "a whole number of at least 0", (x) => Number.isInteger(x) && x >= 0);
  check("learningRate", "a number above 0", (x) => x > 0 && Number.isFinite(x));
  check("lambdaPhi", "a number of at least 0", (x) => x >= 0 && Number.isFinite(x));
  return settings;
}

/**
 * L + λ_φ max φ from the speeds φ at evenly spaced times (App. A); infinite where one is not
 * finite, so that such a model is never chosen.
 */
export function validationValue(speeds: ArrayLike<number>, lambdaPhi: number): number {
  let sum = 0;
  let most = 0;
  for (let i = 0; i < speeds.length; i++) {
    const speed = speeds[i] as number;
    sum += speed;
    if (speed > most) most = speed;
  }
  const value = sum / speeds.length + lambdaPhi * most;
  return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
}
