/**
 * @file The exponential map together with its derivative by the velocity: how geodesics spread.
 *
 * Differences of neighbouring geodesics, all followed in one batch: the error of the derivative is
 * about the square root of the tolerance of a shot.
 */
import { joinRows, splitRows } from "../array/rows.ts";
import { innerProduct, orthonormalFrame } from "../array/solve.ts";
import { runRows } from "../engine/blocks.ts";
import { tensorGraph } from "../metric/metric.ts";
import type { ShootOptions, Shot } from "./shoot.ts";
import { shoot, shotTolerance } from "./shoot.ts";

export interface SpreadingShot extends Shot {
  /** Vectors orthonormal in the metric at the start, one a row, [d, d]. */
  readonly frame: Float64Array;
  /** Column k: how the end moves with the velocity along vector k of the frame, [d, d]. */
  readonly differential: Float64Array;
}

/** Geodesics and how their ends move; null where a geodesic or one of its neighbours did not arrive. */
export async function shootSpreading(options: ShootOptions): Promise<(SpreadingShot | null)[]> {
  const { cache, metric, points, velocities, signal } = options;
  const d = metric.dimension;
  const step = Math.sqrt(10 * (options.tolerance ?? shotTolerance(metric)));
  const { G } = await runRows(cache, tensorGraph(metric), { z: points }, { signal });
  const starts = splitRows(points, d);
  const directions = splitRows(velocities, d);
  const bundles = splitRows(G as Float64Array, d * d).flatMap((tensor, i) => {
    const frame = orthonormalFrame(tensor, d);
    const velocity = directions[i] as Float64Array;
    const size = step * lengthOf(tensor, velocity);
    return frame ? [{ i, frame, size, velocity }] : [];
  });
  const shots = await shoot({
    ...options,
    points: joinRows(
      bundles.flatMap(({ i }) => Array.from({ length: d + 1 }, () => starts[i] as Float64Array)),
    ),
    velocities: joinRows(
      bundles.flatMap(({ frame, size, velocity }) => [
        velocity,
        ...splitRows(frame, d).map((vector) => velocity.map((x, k) => x + size * (vector[k] ?? 0))),
      ]),
    ),
  });
  const result: (SpreadingShot | null)[] = starts.map(() => null);
  bundles.forEach(({ i, frame, size }, bundle) => {
    const [middle, ...sides] = shots.slice(bundle * (d + 1), (bundle + 1) * (d + 1));
    const arrived = [middle, ...sides].every((shot) => shot?.status === "arrived");
    if (middle && arrived)
      result[i] = { ...middle, frame, differential: differences(middle, sides, size, frame) };
  });
  return result;
}

/** Without velocity the exponential map is the identity: its derivative is the frame itself. */
function differences(
  middle: Shot,
  sides: readonly Shot[],
  size: number,
  frame: Float64Array,
): Float64Array {
  const d = sides.length;
  return Float64Array.from({ length: d * d }, (_, at) => {
    const [row, column] = [Math.floor(at / d), at % d];
    if (size === 0) return frame[column * d + row] as number;
    const side = sides[column] as Shot;
    return ((side.end[row] as number) - (middle.end[row] as number)) / size;
  });
}

function lengthOf(tensor: Float64Array, v: Float64Array): number {
  return Math.sqrt(Math.max(0, innerProduct(tensor, 0, v, v)));
}
