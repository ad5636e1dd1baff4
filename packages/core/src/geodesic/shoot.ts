/**
 * @file The exponential map: geodesics from points along velocities, many at once.
 *
 * Every stage of every path is one row of one batch. The speed of a geodesic is constant, so how
 * far z'^T G z' drifts says how well the equation was solved; it is returned and never corrected.
 */
import { InputError } from "../array/errors.ts";
import { joinRows, splitRows } from "../array/rows.ts";
import { firstNonFinite } from "../array/tensor.ts";
import type { Nodes } from "../curve/polyline.ts";
import { blockSizes, runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import { geodesicGraph, requireSmooth } from "../metric/christoffel.ts";
import type { Metric } from "../metric/metric.ts";
import type { Flight, Knot, ShotStatus } from "./initial-value.ts";
import { flightAt, takeOff, tell } from "./initial-value.ts";

export type { ShotStatus } from "./initial-value.ts";

/** A single path asks for a single row hundreds of times. */
const sizes = [4, ...blockSizes];

export interface ShootOptions {
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** Where each geodesic starts, [n, d]. */
  readonly points: Float64Array;
  /** Its velocity there, [n, d]; the geodesic is as long as this is in the metric. */
  readonly velocities: Float64Array;
  /**
   * Error of one step relative to the length of the whole path; 1e-10 by default where the metric
   * computes in float64, 1e-6 in float32.
   */
  readonly tolerance?: number;
  /** Segments of the curve that is returned, 64 by default. */
  readonly segments?: number;
  /** Steps, accepted or not, after which a path is given up; 5000 by default. */
  readonly maxSteps?: number;
  readonly signal?: AbortSignal;
}

/** One geodesic from a point along a velocity. */
export interface Shot {
  /** exp_z(v), [d]; where it stopped if it did not arrive. */
  readonly end: Float64Array;
  /** Velocity there: v transported along the geodesic, [d]. */
  readonly velocity: Float64Array;
  /** Nodes at equal parameter steps, hence of equal distance, from 0 to `reached`: [segments + 1, d]. */
  readonly curve: Nodes;
  /** Parameter that was reached: 1 where it arrived. */
  readonly reached: number;
  /** Length up to there. */
  readonly length: number;
  /** Greatest relative change of v^T G v along the way; 0 for the true geodesic. */
  readonly drift: number;
  readonly steps: number;
  readonly status: ShotStatus;
  /** What the status means, with advice. */
  readonly message: string;
}

const sentences: Readonly<Record<ShotStatus, string>> = {
  arrived: "The geodesic was followed to its end.",
  singular:
    "The metric is singular here to the precision of the decoder, so no geodesic goes on; stay where the data is, or use float64 or a metric that is positive everywhere.",
  nonFinite:
    "The metric gave NaN or an infinite number here; stay where the decoder was trained, or take a shorter velocity.",
  escaped:
    "The steps became too small to go on: the geodesic leaves the latent space before its end, or float32 is too coarse for the tolerance.",
  maxSteps:
    "The greatest number of steps was reached before the end; take a shorter velocity, a larger tolerance or more steps.",
};

/**
 * Follows geodesics from `points` along `velocities` for one unit of parameter. Throws `InputError` for arrays that do not fit and for decoders with
 * kinks.
 */
export async function shoot(options: ShootOptions): Promise<Shot[]> {
  const { cache, metric, points, velocities, segments = 64, maxSteps = 5000, signal } = options;
  check(options);
  requireSmooth("shoot", metric);
  const d = metric.dimension;
  const { tolerance = shotTolerance(metric) } = options;
  const graph = geodesicGraph(metric);
  // Below this the rounding of G decides.
  const floor = graph.outputs.G?.type === "float64" ? 1e-14 : 1e-6;
  const settings = { tolerance, floor, maxSteps };
  const directions = splitRows(velocities, d);
  const flights = splitRows(points, d).map((point, i) =>
    takeOff(point.slice(), (directions[i] as Float64Array).slice(), settings),
  );
  for (;;) {
    const running = flights.flatMap(({ status }, i) => (status === "running" ? [i] : []));
    if (running.length === 0) return flights.map((flight) => land(flight, segments));
    const z = joinRows(running.map((i) => (flights[i] as Flight).z));
    const v = joinRows(running.map((i) => (flights[i] as Flight).v));
    const answers = await runRows(cache, graph, { z, v }, { signal, sizes });
    const G = splitRows(answers.G as Float64Array, d * d);
    const lowered = splitRows(answers.lowered as Float64Array, d);
    running.forEach((i, row) => {
      const answer = { G: G[row] as Float64Array, lowered: lowered[row] as Float64Array };
      flights[i] = tell(flights[i] as Flight, answer);
    });
  }
}

function land({ knots, status, energy, drift, trials, z, v }: Flight, segments: number): Shot {
  // Where not even the start could be evaluated, the start is all there is.
  const known = knots.length > 0 ? knots : [{ t: 0, z, v, a: z.map(() => 0) }];
  const last = known.at(-1) as Knot;
  const d = z.length;
  const curve = new Float64Array((segments + 1) * d);
  for (let i = 0; i <= segments; i++) curve.set(flightAt(known, (last.t * i) / segments).z, i * d);
  return {
    end: last.z,
    velocity: last.v,
    curve,
    reached: status === "arrived" ? 1 : last.t,
    length: Math.sqrt(energy) * (status === "arrived" ? 1 : last.t),
    drift,
    steps: trials,
    status: status as ShotStatus,
    message: sentences[status as ShotStatus],
  };
}

/** Error of a step that the precision of the metric allows. */
export function shotTolerance(metric: Metric): number {
  return geodesicGraph(metric).inputs.z?.type === "float64" ? 1e-10 : 1e-6;
}

function check({ metric, points, velocities, segments = 64 }: ShootOptions): void {
  const d = metric.dimension;
  if (points.length % d !== 0 || points.length !== velocities.length)
    throw new InputError(
      `shoot: expected points and velocities of ${d} numbers each, got ${points.length} and ${velocities.length} numbers`,
    );
  for (const [name, values] of [
    ["points", points],
    ["velocities", velocities],
  ] as const) {
    const bad = firstNonFinite(values);
    if (bad >= 0)
      throw new InputError(
        `shoot: expected finite ${name}, got ${values[bad]} in row ${Math.floor(bad / d)}`,
      );
  }
  if (!Number.isInteger(segments) || segments < 1)
    throw new InputError(`shoot: expected a whole number of segments from 1, got ${segments}`);
}
