/** @file Points at equal arc length along curves: what lies evenly between two codes. */
import { InputError } from "../array/errors.ts";
import { evaluator } from "../curve/evaluator.ts";
import type { Measure } from "../curve/length.ts";
import { measure } from "../curve/length.ts";
import type { Nodes } from "../curve/polyline.ts";
import { splineAt, splineThrough } from "../curve/spline.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Metric } from "../metric/metric.ts";

export interface InterpolateOptions {
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** Nodes of each curve, [N + 1, d], such as those of geodesics. */
  readonly curves: readonly Nodes[];
  /** Points on each curve, both ends among them; 2 or more. */
  readonly points: number;
  /** Relative error of the arc length, 1e-6 by default. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
}

/**
 * Points of each curve at equal steps of its length in the metric, [points, d]. The curve is the
 * spline through the nodes, or the polyline where the decoder has kinks. Throws `InputError` for
 * fewer than two points, and for curves of fewer than two nodes.
 */
export async function interpolate(options: InterpolateOptions): Promise<Float64Array[]> {
  const { cache, metric, curves, points, tolerance = 1e-6, signal } = options;
  const d = metric.dimension;
  const short = curves.find((nodes) => nodes.length < 2 * d || nodes.length % d !== 0);
  if (!Number.isInteger(points) || points < 2 || short)
    throw new InputError(
      `interpolate: expected 2 points or more on curves of 2 nodes or more, got ${points} and ${short ? `${short.length / d} nodes` : "curves that do"}`,
    );
  const measures = await measure(evaluator(cache, metric, signal), curves, tolerance);
  return curves.map((nodes, i) => evenly(nodes, d, measures[i] as Measure, points, metric.kinked));
}

function evenly(
  nodes: Nodes,
  d: number,
  { length, segments, velocity }: Measure,
  points: number,
  kinked: boolean,
): Float64Array {
  const spline = splineThrough(nodes, d);
  // Without second derivatives the splines are the polyline.
  const curve = kinked ? { ...spline, bending: spline.bending.map(() => 0) } : spline;
  const result = new Float64Array(points * d);
  const unused = new Float64Array(d);
  const point = new Float64Array(d);
  let [segment, passed] = [0, 0];
  for (let i = 1; i < points - 1; i++) {
    const target = (length * i) / (points - 1);
    while (segment < segments.length - 1 && passed + (segments[segment] as number) < target)
      passed += segments[segment++] as number;
    const whole = segments[segment] as number;
    const share = length > 0 ? (target - passed) / whole : i / (points - 1);
    // Where speed may jump at nodes, it is taken as constant between them.
    const slopes = [segment, segment + 1].map((node) =>
      kinked ? 1 : (whole * segments.length) / (velocity[node] as number),
    ) as [number, number];
    const at = length > 0 ? segment + parameter(share, slopes) : share * segments.length;
    splineAt(curve, at, point, unused, 0);
    result.set(point, i * d);
  }
  result.set(nodes.subarray(0, d), 0);
  result.set(nodes.subarray(nodes.length - d), (points - 1) * d);
  return result;
}

/**
 * The parameter of a segment at a share of its length, by the cubic with the right slopes (segment
 * length over speed) at both ends; in proportion where that would turn back.
 */
function parameter(share: number, [first, last]: readonly [number, number]): number {
  const monotone = first >= 0 && last >= 0 && first <= 3 && last <= 3;
  if (!monotone) return share;
  const [s, r] = [share, 1 - share];
  return s * s * (3 - 2 * s) + s * r * (r * first - s * last);
}
