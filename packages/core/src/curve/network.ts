/**
 * @file The curve network g_ω of Table 1, 1 to 150 tanh to 150 tanh to d, for many pairs at once.
 *
 * Each pair has a network of its own; outside they are the rows of one matrix of weights, in a
 * graph they are batched products. The boundary takes what the networks put out, ẑ(t), to curves
 * z(t) that begin and end where they should (Eq. 13 and 14, or the safe form beside it).
 */
import type { Random } from "../array/random.ts";
import type { FloatType } from "../array/tensor.ts";
import { tensorFrom } from "../array/tensor.ts";
import {
  add,
  concat,
  constant,
  div,
  equal,
  full,
  jvp,
  matmul,
  mul,
  reshape,
  slice,
  sub,
  tanh,
  where,
} from "../graph/index.ts";
import type { Value } from "../graph/value.ts";

/** Units of a hidden layer (Table 1). */
const width = 150;

/**
 * How ẑ is made to meet the end points.
 *
 * - `paper`: shifted and scaled coordinate by coordinate (Eq. 13, 14). It has a pole where
 *   ẑ_k(0) = ẑ_k(1), and a coordinate that is equal in both end points is frozen: it stays what it
 *   is along the whole curve, whatever the network does.
 * - `additive`: z(t) = (1 - t) z0 + t z1 + [ẑ(t) - (1 - t) ẑ(0) - t ẑ(1)], which has neither.
 */
export type Boundary = "additive" | "paper";

/** Shapes of a network's matrices in the order in which its numbers lie: weight, bias, weight, … */
function shapes(d: number): readonly (readonly [rows: number, columns: number])[] {
  return [
    [1, width],
    [1, width],
    [width, width],
    [1, width],
    [width, d],
    [1, d],
  ];
}

/** Numbers in one network: a row of the matrix of weights. */
export function networkSize(d: number): number {
  return shapes(d).reduce((sum, [rows, columns]) => sum + rows * columns, 0);
}

/** Weights of a fresh network: uniform in ±1/√inputs, biases too. The paper names none. */
export function initialNetwork(d: number, { uniform }: Random): Float64Array {
  let inputs = 1;
  const numbers = shapes(d).flatMap(([rows, columns], i) => {
    // A bias is drawn as wide as the weight before it.
    if (i % 2 === 0) inputs = rows;
    const bound = 1 / Math.sqrt(inputs);
    return Array.from({ length: rows * columns }, () => bound * (2 * uniform() - 1));
  });
  return Float64Array.from(numbers);
}

/** The matrices of P networks, weights [P, W] to six of [P, rows, columns]. */
export function networkMatrices(weights: Value, d: number): Value[] {
  const count = weights.shape[0] as number;
  let at = 0;
  return shapes(d).map(([rows, columns]) => {
    const part = slice(weights, 1, at, at + rows * columns);
    at += rows * columns;
    return reshape(part, [count, rows, columns]);
  });
}

/** The other way round: matrices, or their gradients, as rows [P, W]. */
export function networkRows(matrices: readonly Value[]): Value {
  return concat(
    matrices.map((matrix) => {
      const [count, rows, columns] = matrix.shape as readonly number[] as [number, number, number];
      return reshape(matrix, [count, rows * columns]);
    }),
    1,
  );
}

/** Points that lie evenly in [0, 1], each in the middle of its share: [n]. */
export function evenTimes(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => (i + 0.5) / n);
}

export interface NetworkCurves {
  /** ẑ(t): [P, m, d]. */
  readonly raw: Value;
  /** z(t), which meets the end points: [P, m, d]. */
  readonly z: Value;
  /** dz/dt: [P, m, d]. */
  readonly velocity: Value;
}

/** The curves of P networks from z0 to z1, both [P, 1, d], at m times. */
export function networkCurves(
  matrices: readonly Value[],
  from: Value,
  to: Value,
  times: Float64Array,
  boundary: Boundary,
): NetworkCurves {
  const type = from.type as FloatType;
  const column = (numbers: ArrayLike<number>): Value =>
    constant(tensorFrom(type, [1, numbers.length, 1], numbers));
  const t = column(times);
  const raw = layers(matrices, t);
  const ends = layers(matrices, column([0, 1]));
  const [first, last] = [slice(ends, 1, 0, 1), slice(ends, 1, 1, 2)];
  const z = boundaries[boundary]({ t, raw, first, last, from, to });
  const [velocity] = jvp([z], [t], [full(type, t.shape, 1)]) as [Value];
  return { raw, z, velocity };
}

function layers(matrices: readonly Value[], t: Value): Value {
  const [w1, b1, w2, b2, w3, b3] = matrices as [Value, Value, Value, Value, Value, Value];
  // One number in: an outer product, which needs no matrix product.
  const h1 = tanh(add(mul(t, w1), b1));
  const h2 = tanh(add(matmul(h1, w2), b2));
  return add(matmul(h2, w3), b3);
}

/** ẑ(t), ẑ(0), ẑ(1), z0 and z1 to z(t). */
type Meet = (of: Readonly<Record<"t" | "raw" | "first" | "last" | "from" | "to", Value>>) => Value;

const boundaries: Readonly<Record<Boundary, Meet>> = {
  additive({ t, raw, first, last, from, to }) {
    const line = (a: Value, b: Value): Value => add(a, mul(t, sub(b, a)));
    return add(line(from, to), sub(raw, line(first, last)));
  },
  /**
   * A ẑ - B of Eq. 13 with A and B of Eq. 14 put in and ordered anew:
   * z0 + (z0 - z1) (ẑ - ẑ(0)) / (ẑ(0) - ẑ(1)). A frozen coordinate has z0 - z1 = 0; its quotient,
   * which may be 0 / 0, is not formed.
   */
  paper({ raw, first, last, from, to }) {
    const frozen = equal(from, to);
    const gap = where(frozen, full(from.type, from.shape, 1), sub(first, last));
    return add(from, mul(div(sub(from, to), gap), sub(raw, first)));
  },
};
