/**
 * @file Points in the middle of others, along geodesics: the descent that means, medians and
 * clusters share.
 *
 * Each group of points has its own centre; all geodesics of all centres are one solve a round, and
 * begin from those of the round before. A step that does not help is taken back and halved.
 */
import { InputError } from "../array/errors.ts";
import { joinRows, splitRows } from "../array/rows.ts";
import { innerProduct } from "../array/solve.ts";
import { firstNonFinite } from "../array/tensor.ts";
import type { Nodes } from "../curve/polyline.ts";
import { runRows } from "../engine/blocks.ts";
import type { Status } from "../format/result.ts";
import type { LogarithmOptions } from "../geodesic/logarithm.ts";
import { logarithms } from "../geodesic/logarithm.ts";
import { shoot } from "../geodesic/shoot.ts";
import { tensorGraph } from "../metric/metric.ts";
import { previousStart } from "../start/previous.ts";

export interface CentreOptions extends Omit<LogarithmOptions, "pairs"> {
  /**
   * Length of the next step relative to the distances, below which the centre has converged; 1e-3
   * by default. Velocities are not refined unless `refine` says so, and then no better than that.
   */
  readonly accuracy?: number;
  /** Steps, 50 by default. */
  readonly mostSteps?: number;
}

/** A set of points with weights that add up to 1. */
export interface Group {
  /** [n, d] */
  readonly points: Float64Array;
  readonly weights: Float64Array;
  /** Where to begin, [d]. */
  readonly start: Float64Array;
}

export interface Centre {
  /** [d] */
  readonly point: Float64Array;
  /** What was made least: the mean squared distance, or the mean distance. */
  readonly cost: number;
  /** To each point, [n]. */
  readonly distances: Float64Array;
  /** Velocity towards each point (its logarithm), [n, d]. */
  readonly velocities: Float64Array;
  /** The geodesic to each point. */
  readonly curves: readonly Nodes[];
  /** Length of the step that was left, relative to the distances. */
  readonly residual: number;
  readonly iterations: number;
  readonly status: Status;
  /** What the status means, with advice. */
  readonly message: string;
}

/** What a kind of centre makes least, and how it steps. */
export interface CentreRule {
  cost(distances: Float64Array, weights: Float64Array): number;
  /** The step at full length, [d]. */
  direction(look: Look, weights: Float64Array): Float64Array;
}

/** What is seen from a point. */
export interface Look {
  readonly point: Float64Array;
  /** G there, [d, d]. */
  readonly G: Float64Array;
  readonly distances: Float64Array;
  readonly velocities: readonly Float64Array[];
  readonly curves: readonly Nodes[];
}

interface Descent {
  readonly look: Look;
  readonly cost: number;
  readonly direction: Float64Array;
  readonly residual: number;
  readonly share: number;
  readonly iterations: number;
  readonly status: Status | "running";
}

const messages: Readonly<Record<Status, string>> = {
  converged: "No step moves the centre by more than the accuracy.",
  maxIterations:
    "The greatest number of steps was reached; allow more, or accept the residual that is stated.",
  stalled:
    "No step helps any more although the accuracy is not reached: distances are not exact enough. Use refine, float64, a smaller tolerance or a larger accuracy.",
  nonFinite:
    "A geodesic from the centre met NaN or an infinite number; check that the points lie where the decoder was trained.",
};

const smallestShare = 1e-3;

/** Finds the centres of all groups together. */
export async function findCentres(
  options: CentreOptions,
  groups: readonly Group[],
  rule: CentreRule,
): Promise<Centre[]> {
  const { accuracy = 1e-3, mostSteps = 50 } = options;
  const looks = await lookFrom(
    options,
    groups,
    groups.map(({ start }) => start),
  );
  const descents = groups.map((group, i) => settle(looks[i] as Look, group, rule, accuracy));
  for (;;) {
    const running = descents.flatMap(({ status }, i) => (status === "running" ? [i] : []));
    if (running.length === 0) break;
    const open = running.map((i) => groups[i] as Group);
    const before = running.map((i) => descents[i] as Descent);
    const trials = await move(options, before);
    const seen = await lookFrom(
      options,
      open,
      trials,
      before.map(({ look }) => look.curves),
    );
    running.forEach((i, at) => {
      const found = settle(seen[at] as Look, open[at] as Group, rule, accuracy);
      descents[i] = next(before[at] as Descent, found, mostSteps);
    });
  }
  return descents.map(({ look, cost, residual, iterations, status }) => ({
    point: look.point,
    cost,
    distances: look.distances,
    velocities: joinRows(look.velocities),
    curves: look.curves,
    residual,
    iterations,
    status: status as Status,
    message: messages[status as Status],
  }));
}

function settle(look: Look, { weights }: Group, rule: CentreRule, accuracy: number): Descent {
  const cost = rule.cost(look.distances, weights);
  const direction = rule.direction(look, weights);
  const length = Math.sqrt(innerProduct(look.G, 0, direction, direction));
  const scale = Math.sqrt(
    look.distances.reduce((sum, x, i) => sum + (weights[i] as number) * x * x, 0),
  );
  const residual = length === 0 ? 0 : length / scale;
  const finite = Number.isFinite(cost) && Number.isFinite(residual);
  const status = !finite ? "nonFinite" : residual <= accuracy ? "converged" : "running";
  return { look, cost, direction, residual, share: 1, iterations: 0, status };
}

/** The trial where it is better: a lower cost, or a step left that is clearly shorter. */
function next(before: Descent, trial: Descent, mostSteps: number): Descent {
  const iterations = before.iterations + 1;
  const lower = trial.cost < before.cost * (1 - 1e-4 * before.share * before.residual ** 2);
  const nearer = trial.status === "converged" || trial.residual < 0.9 * before.residual;
  const better = trial.status !== "nonFinite" && (lower || nearer);
  const spent = iterations >= mostSteps;
  if (better) {
    const status = trial.status === "running" && spent ? "maxIterations" : trial.status;
    return { ...trial, iterations, status, share: nextShare(before, trial) };
  }
  const share = before.share / 2;
  const status = share < smallestShare ? "stalled" : spent ? "maxIterations" : "running";
  return { ...before, iterations, share, status };
}

/**
 * The share of a step that would have ended where no step is left, were steps to shrink evenly
 * (Barzilai and Borwein 1988): full steps are too long on hyperbolic planes and for wide data, too
 * short for medians.
 */
function nextShare(before: Descent, { look, direction }: Descent): number {
  const inner = (a: Float64Array, b: Float64Array): number => innerProduct(look.G, 0, a, b);
  const left = inner(direction, before.direction) / inner(before.direction, before.direction);
  const share = before.share / (1 - left);
  return left < 1 && Number.isFinite(share) ? Math.min(4, Math.max(0.1, share)) : before.share;
}

/** Along geodesics; on decoders with kinks, and where a geodesic does not arrive, straight on. */
async function move(
  { cache, metric, signal }: CentreOptions,
  descents: readonly Descent[],
): Promise<Float64Array[]> {
  const points = descents.map(({ look }) => look.point);
  const steps = descents.map(({ direction, share }) => direction.map((x) => share * x));
  const straight = points.map((point, i) => point.map((x, k) => x + (steps[i]?.[k] as number)));
  if (metric.kinked) return straight;
  const shots = await shoot({
    cache,
    metric,
    points: joinRows(points),
    velocities: joinRows(steps),
    segments: 1,
    maxSteps: 1000,
    signal,
  });
  return shots.map(({ end, status }, i) =>
    status === "arrived" ? end : (straight[i] as Float64Array),
  );
}

/** Distances and velocities from one point of each group to all points of the group. */
async function lookFrom(
  options: CentreOptions,
  groups: readonly Group[],
  from: readonly Float64Array[],
  curves?: readonly (readonly Nodes[])[],
): Promise<Look[]> {
  const { cache, metric, signal } = options;
  const d = metric.dimension;
  const pairs = groups.flatMap(({ points }, i) =>
    splitRows(points, d).flatMap((point) => [from[i] as Float64Array, point]),
  );
  const logs = await logarithms({
    refine: false,
    ...options,
    pairs: joinRows(pairs),
    ...(curves ? { starts: [previousStart(curves.flat())] } : {}),
  });
  const { G } = await runRows(cache, tensorGraph(metric), { z: joinRows(from) }, { signal });
  let first = 0;
  return groups.map(({ points }, i) => {
    const mine = logs.slice(first, first + points.length / d);
    first += mine.length;
    return {
      point: from[i] as Float64Array,
      G: (G as Float64Array).slice(i * d * d, (i + 1) * d * d),
      distances: Float64Array.from(mine, ({ length }) => length),
      velocities: mine.map(({ velocity }) => velocity),
      curves: mine.map(({ geodesic }) => geodesic.curve),
    };
  });
}

/** Weights that add up to 1; equal ones where none are given. Throws `InputError` for bad ones. */
export function normalised(
  what: string,
  points: Float64Array,
  d: number,
  weights?: ArrayLike<number>,
): Float64Array {
  const n = points.length / d;
  const bad = firstNonFinite(points);
  if (!Number.isInteger(n) || n < 1 || bad >= 0)
    throw new InputError(
      `${what}: expected finite points of ${d} numbers, got ${bad >= 0 ? points[bad] : `${points.length} numbers`}`,
    );
  const given = weights ? Float64Array.from(weights) : new Float64Array(n).fill(1);
  const total = given.reduce((sum, weight) => sum + weight, 0);
  if (given.length !== n || !(total > 0) || given.some((weight) => !(weight >= 0)))
    throw new InputError(
      `${what}: expected ${n} weights from 0 with a sum above 0, got ${given.length} with the sum ${total}`,
    );
  return given.map((weight) => weight / total);
}

/** The point with weight that is nearest to the mean of the coordinates: where there are data. */
export function nearestToMean(
  points: Float64Array,
  weights: Float64Array,
  d: number,
): Float64Array {
  const rows = splitRows(points, d);
  const mean = Float64Array.from({ length: d }, (_, k) =>
    rows.reduce((sum, row, i) => sum + (weights[i] as number) * (row[k] as number), 0),
  );
  const distance = (row: Float64Array): number =>
    row.reduce((sum, x, k) => sum + (x - (mean[k] as number)) ** 2, 0);
  return rows
    .filter((_, i) => (weights[i] as number) > 0)
    .reduce((best, row) => (distance(row) < distance(best) ? row : best))
    .slice();
}
