/** @file The volume of a region of latent space: the integral of the magnification factor sqrt(det G). */
import { InputError } from "../array/errors.ts";
import { firstNonFinite } from "../array/tensor.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Corner, Integral, Patch } from "./cubature.ts";
import { boxPatch, integrate, mostDimensions, trianglePatch } from "./cubature.ts";
import { logDensity } from "./density.ts";
import type { Metric } from "./metric.ts";
import { triangulate } from "./polygon.ts";

export interface VolumeOptions {
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** A box with a pair of bounds an axis, or a simple polygon in two dimensions. */
  readonly region:
    | { readonly box: readonly (readonly [low: number, high: number])[] }
    | { readonly polygon: readonly Corner[] };
  /** Relative error aimed at, 1e-4 by default. */
  readonly tolerance?: number;
  /** Points after which the error is taken as it is; 200,000 by default. */
  readonly mostPoints?: number;
  readonly signal?: AbortSignal;
}

/**
 * The volume of a region with an estimate of its error, absolute: a length in one dimension, an
 * area in two. Throws `InputError` for a region that does not fit, and where the metric is not
 * finite inside it.
 */
export async function volume(options: VolumeOptions): Promise<Integral> {
  const { cache, metric, tolerance = 1e-4, mostPoints = 200_000, signal } = options;
  const d = metric.dimension;
  return integrate({
    patches: patchesOf(options),
    tolerance,
    mostPoints,
    async evaluate(points) {
      const factors = (await logDensity(cache, metric, points, signal)).map(Math.exp);
      const bad = firstNonFinite(factors);
      if (bad >= 0)
        throw new InputError(
          `volume: expected a metric that is finite in the region, got ${factors[bad]} at z = ${points.subarray(bad * d, (bad + 1) * d)}`,
        );
      return factors;
    },
  });
}

function patchesOf({ metric, region }: VolumeOptions): Patch[] {
  const d = metric.dimension;
  if ("polygon" in region) {
    if (d !== 2) throw new InputError(`volume: expected two dimensions for a polygon, got ${d}`);
    return triangulate(region.polygon).map(([a, b, c]) => trianglePatch(a, b, c));
  }
  const { box } = region;
  if (box.length !== d || d > mostDimensions)
    throw new InputError(
      `volume: expected bounds of ${d} axes, at most ${mostDimensions}, got ${box.length}`,
    );
  const wrong = box.find(([low, high]) => !(low < high) || !Number.isFinite(high - low));
  if (wrong) throw new InputError(`volume: expected bounds with low < high, got ${wrong}`);
  return [
    boxPatch(
      box.map(([low]) => low),
      box.map(([, high]) => high),
    ),
  ];
}
