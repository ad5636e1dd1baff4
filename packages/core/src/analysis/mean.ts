/**
 * @file Frechet means and medians: the points of least mean squared distance, and of least mean
 * distance, along geodesics.
 *
 * The mean by Karcher's descent, a step along the mean of the logarithms; the median by
 * Weiszfeld's, with logarithms weighed by the inverse of the distance (Fletcher, Venkatasubramanian
 * and Joshi 2009), and with the rule of Vardi and Zhang (2000) where it meets one of the points.
 * Both find a minimum near their start; on data around a hole there are several.
 */
import { innerProduct } from "../array/solve.ts";
import type { Centre, CentreOptions, CentreRule } from "./centre.ts";
import { findCentres, nearestToMean, normalised } from "./centre.ts";

export interface MeanOptions extends CentreOptions {
  /** [n, d] */
  readonly points: Float64Array;
  /** One a point, from 0; equal by default. */
  readonly weights?: ArrayLike<number>;
  /** Where to begin; the point nearest to the mean of the coordinates by default. */
  readonly from?: readonly number[];
}

export const meanRule: CentreRule = {
  cost: (distances, weights) =>
    distances.reduce((sum, x, i) => sum + (weights[i] as number) * x * x, 0),
  direction: ({ point, velocities }, weights) =>
    point.map((_, k) =>
      velocities.reduce((sum, v, i) => sum + (weights[i] as number) * (v[k] as number), 0),
    ),
};

export const medianRule: CentreRule = {
  cost: (distances, weights) =>
    distances.reduce((sum, x, i) => sum + (weights[i] as number) * x, 0),
  direction({ point, G, distances, velocities }, weights) {
    // Closer than this is at the point itself, where its distance has a corner.
    const touching = 1e-9 * Math.max(...distances);
    let [here, pull] = [0, 0];
    const sum = new Float64Array(point.length);
    distances.forEach((distance, i) => {
      if (distance <= touching) here += weights[i] as number;
      else {
        const share = (weights[i] as number) / distance;
        pull += share;
        velocities[i]?.forEach((x, k) => {
          sum[k] = (sum[k] as number) + share * x;
        });
      }
    });
    const strength = Math.sqrt(innerProduct(G, 0, sum, sum));
    // A point holds the median against any pull below its own weight.
    const free = strength > 0 ? Math.max(0, 1 - here / strength) : 0;
    return sum.map((x) => (pull > 0 ? (free * x) / pull : 0));
  },
};

/**
 * The Frechet mean of points; `cost` is their variance. Throws `InputError` for points and weights
 * that do not fit, and what `connect` throws.
 */
export function frechetMean(options: MeanOptions): Promise<Centre> {
  return centreOf("frechet mean", options, meanRule);
}

/** The Frechet median of points; `cost` is their mean distance. Throws as `frechetMean` does. */
export function frechetMedian(options: MeanOptions): Promise<Centre> {
  return centreOf("frechet median", options, medianRule);
}

async function centreOf(what: string, options: MeanOptions, rule: CentreRule): Promise<Centre> {
  const { points, from, weights: given, ...rest } = options;
  const d = options.metric.dimension;
  const weights = normalised(what, points, d, given);
  const start = from ? Float64Array.from(from) : nearestToMean(points, weights, d);
  const [centre] = await findCentres(rest, [{ points, weights, start }], rule);
  return centre as Centre;
}
