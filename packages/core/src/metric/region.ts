/**
 * @file Keeps curves where the data is, for metrics that would lead them away.
 *
 * Where codes lie on a ring, a decoder outside it depends on the direction only: its speed falls as
 * 1/r, and the smoothed metric, which weighs the cube of the speed and lets curves go outwards for
 * nothing, has no shortest curve at all. A wall around the ellipsoid of the codes gives it one.
 */
import { InputError } from "../array/errors.ts";
import { backward, cholesky, forward } from "../array/linear.ts";
import { tensorFrom } from "../array/tensor.ts";
import { graph, inline } from "../graph/graph.ts";
import { add, cast, constant, matmul, mul, pow, reduceSum, reshape, sub } from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import type { TensorMetric } from "./metric.ts";
import { tensorMetric } from "./metric.ts";

/** The ellipsoid (z - centre)^T precision (z - centre) <= 1. */
export interface Region {
  readonly centre: readonly number[];
  /** [d, d], row-major. */
  readonly precision: readonly number[];
}

/** Squared distance of the farthest code from the centre: a little room before the wall. */
const room = 0.9;

/** The ellipsoid with the axes of the codes' covariance that holds all of them, [n, d], and 5 % more. */
export function regionOf(codes: ArrayLike<number>, d: number): Region {
  const n = codes.length / d;
  if (!Number.isInteger(n) || n <= d)
    throw new InputError(
      `region: expected more than ${d} codes of ${d} numbers, got ${codes.length} numbers`,
    );
  const centre = new Array<number>(d).fill(0);
  for (let i = 0; i < codes.length; i++)
    centre[i % d] = (centre[i % d] as number) + (codes[i] as number) / n;
  const covariance = new Float64Array(d * d);
  const offset = (i: number, k: number): number =>
    (codes[i * d + k] as number) - (centre[k] as number);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < d; k++)
      for (let l = 0; l < d; l++)
        covariance[k * d + l] =
          (covariance[k * d + l] as number) + (offset(i, k) * offset(i, l)) / n;
  if (!cholesky(covariance, d))
    throw new InputError(
      "region: expected codes that span the latent space, got a covariance without full rank",
    );
  // Of each code in units where the covariance is the identity.
  let most = 0;
  for (let i = 0; i < n; i++) {
    const white = Float64Array.from({ length: d }, (_, k) => offset(i, k));
    forward(covariance, d, 0, white, 0, 1);
    most = Math.max(
      most,
      white.reduce((sum, x) => sum + x * x, 0),
    );
  }
  const inverse = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0));
  forward(covariance, d, 0, inverse, 0, d);
  backward(covariance, d, 0, inverse, 0, d);
  return { centre, precision: Array.from(inverse, (entry) => (room * entry) / most) };
}

/** Half the power of the distance from the centre with which the wall rises. */
const steepness = 32;

/**
 * The metric times 1 + rho^64, with rho = 1 on the border of the region: as it was inside (4 % more
 * at rho = 0.95), 446 times as long at rho = 1.1.
 */
export function within(metric: TensorMetric, { centre, precision }: Region): TensorMetric {
  const d = metric.dimension;
  const z = metric.tensor.inputs.z as Value;
  const G = inline(metric.tensor, { z }).G as Value;
  const matrix = (shape: number[], numbers: readonly number[]): Value =>
    constant(tensorFrom(G.type, shape, numbers));
  const offset = sub(cast(z, G.type), matrix([d], centre));
  const rho = reduceSum(mul(matmul(offset, matrix([d, d], precision)), offset), [1], true);
  const factor = add(1, reshape(pow(rho, steepness), ["n", 1, 1]));
  return {
    ...metric,
    ...tensorMetric(metric.name, graph([z], { G: mul(G, factor) })),
    kinked: metric.kinked,
  };
}
