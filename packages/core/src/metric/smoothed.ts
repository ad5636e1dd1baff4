/**
 * @file The smoothed metric G-hat = U_r diag(s^3 / (s^2 + lambda)) V_r^T (Eq. 15 to 17).
 *
 * Directions with a small singular value become almost free, so that shortest curves keep to where
 * the decoder moves least. No map induces it. With all singular values kept it is a rational
 * function of G, which differentiates without eigenvectors; a lower rank needs them.
 *
 * Cubes of small singular values are far below the last digit of float32 beside the large ones:
 * products of the Jacobian and all that follows are float64, whatever the decoder computes in.
 */
import { InputError } from "../array/errors.ts";
import { tensorFrom } from "../array/tensor.ts";
import { graph, inline } from "../graph/graph.ts";
import {
  add,
  cast,
  concat,
  constant,
  div,
  matmul,
  mul,
  neg,
  reduceSum,
  reshape,
  slice,
  sub,
} from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import { keepLargest } from "./eigen.ts";
import type { Metric, TensorMetric } from "./metric.ts";
import { mapWithJacobian, tensorMetric } from "./metric.ts";

export interface Smoothing {
  /** lambda_s of Eq. 17, in the unit of G^2; 0 leaves the kept singular values as they are. */
  readonly lambda: number;
  /** Singular values that are kept, the largest ones; all by default. */
  readonly rank?: number;
}

/**
 * G-hat of a metric. Throws `InputError` where lambda is negative or the rank is none of 1 to d.
 * With a rank below d it is NaN where the last kept and the first dropped eigenvalue are equal.
 */
export function smoothed(metric: Metric, { lambda, rank }: Smoothing): TensorMetric {
  const d = metric.dimension;
  const r = rank ?? d;
  if (!(lambda >= 0) || !Number.isFinite(lambda))
    throw new InputError(`smoothed metric: expected lambda of at least 0, got ${lambda}`);
  if (!Number.isInteger(r) || r < 1 || r > d)
    throw new InputError(`smoothed metric: expected a rank from 1 to ${d}, got ${rank}`);
  const source = metric.kind === "map" ? metric.map : metric.tensor;
  const z = source.inputs.z as Value;
  const G = preciseTensor(metric, z);
  const smooth =
    r < d ? keepLargest(G, r, (s) => weigh(s, lambda)) : lambda === 0 ? G : rational(G, lambda);
  return { ...tensorMetric("smoothed", graph([z], { G: smooth })), kinked: metric.kinked };
}

/** s^3 / (s^2 + lambda), which is s for lambda 0. */
function weigh(s: Value, lambda: number): Value {
  if (lambda === 0) return s;
  const square = mul(s, s);
  return div(mul(square, s), add(square, lambda));
}

/** G(z) [n, d, d] with sums in float64. */
function preciseTensor(metric: Metric, z: Value): Value {
  if (metric.kind === "tensor") return cast(inline(metric.tensor, { z }).G as Value, "float64");
  const columns = mapWithJacobian(metric.map, z).columns.map((column) => cast(column, "float64"));
  const d = columns.length;
  const entries = columns.flatMap((a, k) =>
    columns.map((b, l) =>
      k <= l ? reduceSum(mul(a, b), [1], true) : reduceSum(mul(b, a), [1], true),
    ),
  );
  return reshape(concat(entries, 1), ["n", d, d]);
}

/** G (G^2 + lambda)^-1 G^2, which for d = 2 is a G + b I by Cayley and Hamilton. */
function rational(G: Value, lambda: number): Value {
  const d = G.shape[1] as number;
  if (d === 2) return inPlane(G, lambda);
  const square = matmul(G, G);
  const inverse = invert(add(square, constant(tensorFrom(G.type, [d, d], identity(d, lambda)))));
  return matmul(matmul(G, inverse), square);
}

/**
 * With T and D the trace and determinant of G: Q = D^2 + lambda (T^2 - 2 D) + lambda^2 and
 * G-hat = ((D^2 + lambda (T^2 - D)) G - lambda D T I) / Q.
 */
function inPlane(G: Value, lambda: number): Value {
  const entry = (k: number, l: number): Value => slice(slice(G, 1, k, k + 1), 2, l, l + 1);
  const trace = add(entry(0, 0), entry(1, 1));
  const determinant = sub(mul(entry(0, 0), entry(1, 1)), mul(entry(0, 1), entry(1, 0)));
  const [tt, dd] = [mul(trace, trace), mul(determinant, determinant)];
  const Q = add(add(dd, mul(lambda, sub(tt, mul(2, determinant)))), lambda * lambda);
  const a = div(add(dd, mul(lambda, sub(tt, determinant))), Q);
  const b = neg(div(mul(lambda, mul(determinant, trace)), Q));
  const I = constant(tensorFrom(G.type, [2, 2], identity(2, 1)));
  return add(mul(a, G), mul(b, I));
}

/** The inverse of symmetric positive matrices [n, d, d] by Gauss and Jordan, without pivoting. */
function invert(matrix: Value): Value {
  const d = matrix.shape[1] as number;
  let [left, right] = [matrix, constant(tensorFrom(matrix.type, [d, d], identity(d, 1)))];
  for (let k = 0; k < d; k++) {
    const pivot = slice(slice(left, 1, k, k + 1), 2, k, k + 1);
    const column = slice(left, 2, k, k + 1);
    const e = constant(tensorFrom(matrix.type, [d, 1], identity(d, 1).slice(k * d, (k + 1) * d)));
    // Row k becomes row k / pivot, the others lose their share of it.
    const share = div(sub(column, e), pivot);
    const eliminate = (of: Value): Value =>
      sub(of, matmul(share, slice(of, of.shape.length - 2, k, k + 1)));
    [left, right] = [eliminate(left), eliminate(right)];
  }
  return right;
}

function identity(d: number, scale: number): number[] {
  return Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? scale : 0));
}
