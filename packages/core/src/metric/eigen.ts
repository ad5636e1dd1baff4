/**
 * @file The largest eigenvalues of small symmetric matrices as a graph, by Jacobi's rotations.
 *
 * A fixed number of sweeps is unrolled, so that they are differentiated like anything else. One
 * rotation is exact for d = 2; later sweeps square what is left outside the diagonal.
 */
import {
  abs,
  add,
  cast,
  concat,
  div,
  full,
  greater,
  less,
  mul,
  neg,
  reshape,
  scalar,
  slice,
  sqrt,
  sub,
  where,
  zerosLike,
} from "../graph/index.ts";
import type { Value } from "../graph/value.ts";

/** Entries of matrices, each [n, 1]. */
type Entries = Value[][];

/** Sweeps after which the rest is below the last digit of float64, for d up to about 10. */
const sweeps = (d: number): number => (d === 2 ? 1 : 6);

/**
 * The part of G [n, d, d] that its r < d largest eigenvalues make, each put through `weigh`. NaN
 * where the last kept and the first dropped one are equal: there the part is not defined.
 */
export function keepLargest(G: Value, r: number, weigh: (eigenvalue: Value) => Value): Value {
  const { values, vectors } = eigen(G);
  const d = values.length;
  const count = (conditions: readonly Value[]): Value =>
    conditions.map((condition) => cast(condition, G.type)).reduce(add);
  const limit = scalar(G.type, r);
  const kept = values.map((value, i) =>
    less(count(values.flatMap((other, j) => (j === i ? [] : [greater(other, value)]))), limit),
  );
  const ambiguous = greater(count(kept), limit);
  const undefinedValue = full(G.type, ["n", 1], Number.NaN);
  const weights = values.map((value, i) =>
    where(ambiguous, undefinedValue, where(kept[i] as Value, weigh(value), zerosLike(value))),
  );
  const entry = (k: number, l: number): Value =>
    weights.map((weight, i) => mul(weight, mul(at(vectors, k, i), at(vectors, l, i)))).reduce(add);
  const entries = Array.from({ length: d * d }, (_, i) => entry(Math.floor(i / d), i % d));
  return reshape(concat(entries, 1), ["n", d, d]);
}

/** Eigenvalues of G [n, d, d] in no order, and eigenvectors: `vectors[k][i]` is entry k of the i-th. */
function eigen(G: Value): { readonly values: Value[]; readonly vectors: Entries } {
  const d = G.shape[1] as number;
  const matrix = square(d, (k, l) => reshape(slice(slice(G, 1, k, k + 1), 2, l, l + 1), ["n", 1]));
  const vectors = square(d, (k, l) => full(G.type, ["n", 1], k === l ? 1 : 0));
  for (let sweep = 0; sweep < sweeps(d); sweep++)
    for (let p = 0; p < d; p++) for (let q = p + 1; q < d; q++) rotate(matrix, vectors, p, q);
  return { values: matrix.map((row, k) => row[k] as Value), vectors };
}

/** Turns the axes p and q so that the entry between them vanishes. */
function rotate(matrix: Entries, vectors: Entries, p: number, q: number): void {
  const [a, b, off] = [at(matrix, p, p), at(matrix, q, q), at(matrix, p, q)];
  const [difference, twice] = [sub(a, b), mul(2, off)];
  const zero = zerosLike(off);
  const radiusSquare = add(mul(difference, difference), mul(twice, twice));
  const isRound = less(radiusSquare, scalar(off.type, Number.MIN_VALUE * 2 ** 60));
  const one = full(off.type, ["n", 1], 1);
  // Of the angle doubled, which lies between -90 and 90 degrees.
  const radius = sqrt(where(isRound, one, radiusSquare));
  const cosine = where(isRound, one, div(abs(difference), radius));
  const signed = where(less(difference, zero), neg(twice), twice);
  const sine = where(isRound, zero, div(signed, radius));
  const c = sqrt(mul(0.5, add(1, cosine)));
  const s = div(sine, mul(2, c));
  const turn = (x: Value, y: Value): [Value, Value] => [
    add(mul(c, x), mul(s, y)),
    sub(mul(c, y), mul(s, x)),
  ];
  for (let k = 0; k < matrix.length; k++) {
    const [x, y] = turn(at(vectors, k, p), at(vectors, k, q));
    put(vectors, k, p, x);
    put(vectors, k, q, y);
    if (k === p || k === q) continue;
    const [u, v] = turn(at(matrix, k, p), at(matrix, k, q));
    for (const [l, value] of [
      [p, u],
      [q, v],
    ] as const) {
      put(matrix, k, l, value);
      put(matrix, l, k, value);
    }
  }
  // b gives a the tangent of the angle times what was between them.
  const moved = mul(div(s, c), off);
  put(matrix, p, p, add(a, moved));
  put(matrix, q, q, sub(b, moved));
  put(matrix, p, q, zero);
  put(matrix, q, p, zero);
}

const at = (entries: Entries, k: number, l: number): Value => (entries[k] as Value[])[l] as Value;

function put(entries: Entries, k: number, l: number, value: Value): void {
  (entries[k] as Value[])[l] = value;
}

const square = (d: number, entry: (k: number, l: number) => Value): Entries =>
  Array.from({ length: d }, (_, k) => Array.from({ length: d }, (_, l) => entry(k, l)));
