/**
 * @file Velocities whose geodesics meet given points: Newton's method on exp(v) = target, by shots.
 *
 * The derivative of exp comes with each shot from its neighbours. It needs a guess near enough: of
 * a connecting curve, or the difference of two points that are close.
 */
import { joinRows, splitRows } from "../array/rows.ts";
import { innerProduct, solveGeneral } from "../array/solve.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Metric } from "../metric/metric.ts";
import { tensorGraph } from "../metric/metric.ts";
import type { SpreadingShot } from "./differential.ts";
import { shootSpreading } from "./differential.ts";
import { shotTolerance } from "./shoot.ts";

export interface AimOptions {
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** [n, d] */
  readonly points: Float64Array;
  /** Where the geodesics should end, [n, d]. */
  readonly targets: Float64Array;
  /** First velocities, [n, d]. */
  readonly guesses: Float64Array;
  readonly signal?: AbortSignal;
}

/** A velocity that was improved until its geodesic met the target, or as near as it came. */
export interface Aim {
  readonly velocity: Float64Array;
  readonly length: number;
  /** |exp(velocity) - target| in the metric at the target, relative to the length. */
  readonly miss: number;
  /** That of the guess; null where it did not arrive anywhere. */
  readonly firstMiss: number | null;
  readonly converged: boolean;
}

/** The best velocity of a lane so far, with the step that Newton's method proposes from it. */
interface Lane extends Aim {
  readonly step: Float64Array | null;
  /** Share of the step that is tried. */
  readonly share: number;
  readonly running: boolean;
}

const mostRounds = 30;
const smallestShare = 1e-2;
/** Shots of more steps are lost. */
const mostSteps = 1000;

/**
 * Newton's method with smaller steps where a full one misses by more, on exp(v) = target, for many
 * points at once: with coarse shots first, which cost little, then with fine ones.
 */
export async function aim(options: AimOptions): Promise<Aim[]> {
  const finest = shotTolerance(options.metric);
  const coarse = Math.max(finest, 1e-5);
  const near = await newton(options, coarse);
  if (coarse === finest) return near;
  // Where coarse shots led nowhere, fine ones begin again: neighbours are closer to each other then.
  const given = splitRows(options.guesses, options.metric.dimension);
  const guesses = near.map(({ velocity, converged }, i) =>
    converged ? velocity : (given[i] as Float64Array),
  );
  const exact = await newton({ ...options, guesses: joinRows(guesses) }, finest);
  return exact.map((found, i) => ({ ...found, firstMiss: near[i]?.firstMiss ?? found.firstMiss }));
}

async function newton(options: AimOptions, tolerance: number): Promise<Aim[]> {
  const { cache, metric, signal } = options;
  const d = metric.dimension;
  const points = splitRows(options.points, d);
  const targets = splitRows(options.targets, d);
  const { G } = await runRows(cache, tensorGraph(metric), { z: options.targets }, { signal });
  const goal = 10 * tolerance;
  const lanes: Lane[] = splitRows(options.guesses, d).map((velocity) => ({
    velocity,
    length: 0,
    miss: Number.POSITIVE_INFINITY,
    firstMiss: null,
    converged: false,
    step: null,
    share: 1,
    running: true,
  }));
  for (let round = 0; round < mostRounds; round++) {
    const running = lanes.flatMap((lane, i) => (lane.running ? [i] : []));
    if (running.length === 0) break;
    const trials = running.map((i) => trial(lanes[i] as Lane));
    const shots = await shootSpreading({
      cache,
      metric,
      points: joinRows(running.map((i) => points[i] as Float64Array)),
      velocities: joinRows(trials),
      tolerance,
      segments: 1,
      maxSteps: mostSteps,
      signal,
    });
    running.forEach((i, at) => {
      const hit = judge(shots[at] ?? null, targets[i] as Float64Array, G as Float64Array, i);
      lanes[i] = next(lanes[i] as Lane, trials[at] as Float64Array, hit, goal);
    });
  }
  return lanes;
}

function trial({ velocity, step, share }: Lane): Float64Array {
  return step ? velocity.map((x, k) => x + share * (step[k] as number)) : velocity;
}

interface Hit {
  readonly length: number;
  readonly miss: number;
  readonly step: Float64Array | null;
}

/** How far a shot missed, and the change of its velocity that would have hit, were exp linear. */
function judge(
  shot: SpreadingShot | null,
  target: Float64Array,
  G: Float64Array,
  i: number,
): Hit | null {
  if (!shot) return null;
  const d = target.length;
  const gap = target.map((x, k) => x - (shot.end[k] as number));
  const distance = Math.sqrt(Math.max(0, innerProduct(G, i * d * d, gap, gap)));
  const miss = distance === 0 ? 0 : distance / shot.length;
  const shares = solveGeneral(shot.differential, d, gap);
  const step =
    shares &&
    Float64Array.from({ length: d }, (_, k) =>
      shares.reduce((sum, share, l) => sum + share * (shot.frame[l * d + k] as number), 0),
    );
  return { length: shot.length, miss, step };
}

function next(lane: Lane, velocity: Float64Array, hit: Hit | null, goal: number): Lane {
  const first = lane.miss === Number.POSITIVE_INFINITY;
  if (hit && hit.miss < lane.miss) {
    const { length, miss, step } = hit;
    const converged = miss <= goal;
    const firstMiss = first ? miss : lane.firstMiss;
    const running = !converged && step !== null;
    return { velocity, length, miss, firstMiss, step, converged, share: 1, running };
  }
  const share = lane.share / 3;
  if (!first && share >= smallestShare) return { ...lane, share };
  // At the floor of the precision nothing gets nearer any more.
  return { ...lane, converged: lane.miss <= 10 * goal, running: false };
}
