/** @file Geodesic circles: what is at one distance from a point, and the rays that lead there. */
import { InputError } from "../array/errors.ts";
import { joinRows } from "../array/rows.ts";
import { orthonormalFrame } from "../array/solve.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Metric } from "../metric/metric.ts";
import { tensorGraph } from "../metric/metric.ts";
import type { Shot } from "./shoot.ts";
import { shoot } from "./shoot.ts";

export interface GeodesicCircleOptions {
  readonly cache: ProgramCache;
  /** Of two dimensions. */
  readonly metric: Metric;
  readonly centre: readonly number[];
  /** Length of the rays. */
  readonly radius: number;
  /** Number of rays, 72 by default. */
  readonly rays?: number;
  /** Segments of each ray, 64 by default. */
  readonly segments?: number;
  readonly signal?: AbortSignal;
}

/**
 * The rays of a geodesic circle at equal angles in the metric; their ends are the circle. Beyond the
 * cut locus some ends are nearer than the radius. Throws `InputError` in other than two dimensions,
 * and where the metric at the centre is singular.
 */
export async function geodesicCircle(options: GeodesicCircleOptions): Promise<Shot[]> {
  const { cache, metric, centre, radius, rays = 72, segments, signal } = options;
  if (metric.dimension !== 2 || centre.length !== 2)
    throw new InputError(
      `geodesic circle: expected two latent dimensions, got ${metric.dimension} and a centre of ${centre.length} numbers`,
    );
  const z = Float64Array.from(centre);
  const { G } = await runRows(cache, tensorGraph(metric), { z }, { signal });
  const frame = orthonormalFrame(G as Float64Array, 2);
  if (!frame)
    throw new InputError(`geodesic circle: the metric is singular at its centre ${centre}`);
  const velocities = Array.from({ length: rays }, (_, i) => {
    const angle = (2 * Math.PI * i) / rays;
    const [c, s] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    return [0, 1].map((k) => c * (frame[k] as number) + s * (frame[2 + k] as number));
  });
  return shoot({
    cache,
    metric,
    points: joinRows(velocities.map(() => z)),
    velocities: joinRows(velocities),
    segments,
    signal,
  });
}
