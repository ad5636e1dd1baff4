/**
 * @file Principal geodesic analysis: the geodesics through the mean along which the data vary most.
 *
 * Principal components of the logarithms at the Frechet mean, in the metric there (Fletcher, Lu,
 * Pizer and Joshi 2004). It takes distances from the mean as they are and distances between the
 * points as those of the tangent space, which is right to the square of the spread.
 */
import { symmetricEigen } from "../array/eigen.ts";
import { InputError } from "../array/errors.ts";
import { joinRows, splitRows } from "../array/rows.ts";
import { innerProduct, orthonormalFrame } from "../array/solve.ts";
import type { Nodes } from "../curve/polyline.ts";
import { runRows } from "../engine/blocks.ts";
import { shoot } from "../geodesic/shoot.ts";
import { tensorGraph } from "../metric/metric.ts";
import type { Centre } from "./centre.ts";
import { normalised } from "./centre.ts";
import type { MeanOptions } from "./mean.ts";
import { frechetMean } from "./mean.ts";

export interface PrincipalGeodesicsOptions extends MeanOptions {
  /** Standard deviations that the geodesics reach to either side, 2 by default. */
  readonly extent?: number;
}

export interface PrincipalGeodesics {
  readonly mean: Centre;
  /** Variance along each component, the largest first, [d]. */
  readonly variances: Float64Array;
  /** Its share of the whole variance, [d]. */
  readonly explained: Float64Array;
  /** Directions at the mean, of length 1 in the metric there, one a row, [d, d]. */
  readonly components: Float64Array;
  /** How far each point lies along each component, [n, d]. */
  readonly scores: Float64Array;
  /** From -extent to extent standard deviations along each component; null where none can be followed. */
  readonly geodesics: readonly (Nodes | null)[];
}

/**
 * Components of points at their mean. Throws `InputError` where the metric is singular at the mean,
 * and what `frechetMean` throws.
 */
export async function principalGeodesics(
  options: PrincipalGeodesicsOptions,
): Promise<PrincipalGeodesics> {
  const { cache, metric, points, signal } = options;
  const d = metric.dimension;
  const mean = await frechetMean(options);
  const weights = normalised("principal geodesics", points, d, options.weights);
  const { G } = await runRows(cache, tensorGraph(metric), { z: mean.point }, { signal });
  const frame = orthonormalFrame(G as Float64Array, d);
  if (!frame)
    throw new InputError(
      `principal geodesics: expected a metric of full rank at the mean, got a singular one at z = ${mean.point}`,
    );
  const axes = splitRows(frame, d);
  const coordinates = splitRows(mean.velocities, d).map((velocity) =>
    axes.map((axis) => innerProduct(G as Float64Array, 0, axis, velocity)),
  );
  const covariance = Float64Array.from({ length: d * d }, (_, at) => {
    const [k, l] = [Math.floor(at / d), at % d];
    return coordinates.reduce(
      (sum, x, i) => sum + (weights[i] as number) * (x[k] as number) * (x[l] as number),
      0,
    );
  });
  const { values, vectors } = symmetricEigen(covariance, d);
  const directions = splitRows(vectors, d);
  const components = directions.map((direction) =>
    mean.point.map((_, k) =>
      axes.reduce((sum, axis, l) => sum + (direction[l] as number) * (axis[k] as number), 0),
    ),
  );
  // Rounding may leave less than nothing.
  const variances = values.map((value) => Math.max(0, value));
  const total = variances.reduce((sum, value) => sum + value, 0);
  return {
    mean,
    variances,
    explained: variances.map((value) => (total > 0 ? value / total : 0)),
    components: joinRows(components),
    scores: joinRows(
      coordinates.map((x) =>
        directions.map((u) => x.reduce((sum, value, k) => sum + value * (u[k] as number), 0)),
      ),
    ),
    geodesics: await followed(options, mean.point, components, variances),
  };
}

async function followed(
  { cache, metric, extent = 2, signal }: PrincipalGeodesicsOptions,
  mean: Float64Array,
  components: readonly Float64Array[],
  variances: Float64Array,
): Promise<(Nodes | null)[]> {
  if (metric.kinked) return components.map(() => null);
  const velocities = components.flatMap((component, k) => {
    const reach = extent * Math.sqrt(variances[k] as number);
    return [component.map((x) => -reach * x), component.map((x) => reach * x)];
  });
  const points = joinRows(velocities.map(() => mean));
  const shots = await shoot({ cache, metric, points, velocities: joinRows(velocities), signal });
  return components.map((_, k) => {
    const [back, forth] = shots.slice(2 * k, 2 * k + 2);
    if (back?.status !== "arrived" || forth?.status !== "arrived") return null;
    const d = mean.length;
    return joinRows([...splitRows(back.curve, d).reverse(), forth.curve.subarray(d)]);
  });
}
