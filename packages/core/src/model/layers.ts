/**
 * @file Layers: what they do to a value, and the parameters they need for it.
 *
 * A layer is plain data and holds no numbers; the same layer builds the training graph, where
 * parameters are inputs, and the exported model, where they are constants.
 */
import { add, matmul, relu, sigmoid, softplus, tanh } from "../graph/operators/index.ts";
import type { Value } from "../graph/value.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";

export interface Layer {
  readonly parameters: readonly ParameterSpec[];
  /** x: [rows, from] to [rows, to]. */
  apply(x: Value, weights: Weights): Value;
}

export type Activation = "linear" | "tanh" | "sigmoid" | "softplus" | "relu";

export const activations: Readonly<Record<Activation, (x: Value) => Value>> = {
  linear: (x) => x,
  tanh,
  sigmoid,
  softplus,
  relu,
};

export interface DenseOptions {
  readonly activation?: Activation;
  /** Initial bias, one number or one each; 0 by default. */
  readonly bias?: number | readonly number[];
  /** Widens the initial weights; 1 by default. */
  readonly gain?: number;
}

/** Fully connected: activation(x W + b). */
export function dense(
  name: string,
  from: number,
  to: number,
  { activation = "linear", bias = 0, gain = 1 }: DenseOptions = {},
): Layer {
  const weight = `${name}.weight`;
  const offset = `${name}.bias`;
  return {
    parameters: [
      { name: weight, shape: [from, to], initial: { glorot: true, gain } },
      { name: offset, shape: [to], initial: bias },
    ],
    apply: (x, weights) =>
      activations[activation](add(matmul(x, weights[weight] as Value), weights[offset] as Value)),
  };
}

/** A residual block of one layer: x + activation(x W + b) (He et al. 2016). */
export function residual(name: string, width: number, activation: Activation): Layer {
  const inner = dense(name, width, width, { activation });
  return {
    parameters: inner.parameters,
    apply: (x, weights) => add(x, inner.apply(x, weights)),
  };
}

/** One layer after another. */
export function sequence(layers: readonly Layer[]): Layer {
  return {
    parameters: layers.flatMap(({ parameters }) => parameters),
    apply: (x, weights) => layers.reduce((value, layer) => layer.apply(value, weights), x),
  };
}
