/**
 * @file Parameters of a network: declared by name, shape and initialiser, kept in one flat array.
 *
 * One array for all parameters, and one each for gradients and moments, is what makes the
 * optimiser a single loop and a checkpoint a single copy. The named tensors are views into it.
 */
import { random } from "../array/random.ts";
import type { FloatType, Tensor } from "../array/tensor.ts";
import { sizeOf } from "../array/tensor.ts";
import { constant, input } from "../graph/operators/index.ts";
import type { Value } from "../graph/value.ts";

export interface ParameterSpec {
  readonly name: string;
  /** Weights are [from, to]. */
  readonly shape: readonly number[];
  /**
   * `glorot` draws uniformly in +-sqrt(6 / (from + to)) (Glorot and Bengio 2010); `gain` widens
   * it. Numbers are taken as they are, one for all elements or one each.
   */
  readonly initial: { readonly glorot: true; readonly gain: number } | number | readonly number[];
}

/** The parameters of a network as values of a graph, by name. */
export type Weights = Readonly<Record<string, Value>>;

/** Number of elements of all parameters together: the length of the flat array. */
export function parameterCount(specs: readonly ParameterSpec[]): number {
  return specs.reduce((total, { shape }) => total + sizeOf(shape), 0);
}

/** The parameters as tensors: views into `flat`, in the order of declaration. */
export function parameterViews(
  specs: readonly ParameterSpec[],
  flat: Float32Array,
): Record<string, Tensor<"float32">> {
  let offset = 0;
  const views: Record<string, Tensor<"float32">> = {};
  for (const { name, shape } of specs) {
    const data = flat.subarray(offset, offset + sizeOf(shape));
    views[name] = { type: "float32", shape, data };
    offset += data.length;
  }
  return views;
}

/** A flat array of initial values. Each parameter draws from its own generator, named after it. */
export function initialParameters(specs: readonly ParameterSpec[], seed: number): Float32Array {
  const flat = new Float32Array(parameterCount(specs));
  const views = parameterViews(specs, flat);
  for (const { name, shape, initial } of specs) {
    const { data } = views[name] as Tensor<"float32">;
    if (typeof initial === "number") data.fill(initial);
    else if ("glorot" in initial) {
      const { uniform } = random(seed, "initial", name);
      const width = initial.gain * Math.sqrt(6 / shape.reduce((a, b) => a + b, 0));
      for (let i = 0; i < data.length; i++) data[i] = width * (2 * uniform() - 1);
    } else data.set(initial);
  }
  return flat;
}

/** Parameters that are given at every run: inputs of the training graph. */
export function weightInputs(
  specs: readonly ParameterSpec[],
  precision: FloatType = "float32",
): Weights {
  return Object.fromEntries(specs.map(({ name, shape }) => [name, input(name, precision, shape)]));
}

/** Parameters that stand in the graph: constants of an exported model. Copies the numbers. */
export function weightConstants(specs: readonly ParameterSpec[], flat: Float32Array): Weights {
  const views = parameterViews(specs, flat.slice());
  return Object.fromEntries(Object.entries(views).map(([name, view]) => [name, constant(view)]));
}
