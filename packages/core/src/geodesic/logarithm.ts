/**
 * @file The logarithm map: the velocity at one point whose geodesic ends at another.
 *
 * `connect` finds the geodesic and with it a velocity that is right to the square of its step;
 * Newton's method on exp_a(v) = b, with shots, makes it exact. Where that fails, because the
 * geodesics of a rough decoder spread too fast, the velocity of `connect` stands, and the status
 * says so.
 */
import { joinRows, splitRows } from "../array/rows.ts";
import { innerProduct, solveGeneral, solvePositive } from "../array/solve.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Status } from "../format/result.ts";
import type { Metric } from "../metric/metric.ts";
import { tensorGraph } from "../metric/metric.ts";
import type { ConnectOptions } from "./connect.ts";
import { connect } from "./connect.ts";
import type { SpreadingShot } from "./differential.ts";
import { shootSpreading } from "./differential.ts";
import { shotTolerance } from "./shoot.ts";
import type { Geodesic } from "./solution.ts";

export interface LogarithmOptions extends Omit<ConnectOptions, "engine" | "cache"> {
  readonly cache: ProgramCache;
  /**
   * Whether Newton's method makes the velocities exact; true by default. Without it they are right
   * to the square of the step of the connecting curve, about 1e-3, and cost nothing more.
   */
  readonly refine?: boolean;
}

export interface Logarithm {
  /** log_a(b), [d]: exp_a of it is b. */
  readonly velocity: Float64Array;
  /** Its length in the metric at a: the distance. */
  readonly length: number;
  /** |exp_a(velocity) - b| relative to the length; null where no geodesic can be followed. */
  readonly miss: number | null;
  readonly status: Status;
  /** What the status means, with advice. */
  readonly message: string;
  /** The certified curve that Newton's method began from. */
  readonly geodesic: Geodesic;
}

const messages = {
  converged: "The geodesic along this velocity ends at the other point.",
  unchecked: "The velocity is that of the connecting curve; it was not refined.",
  kinked:
    "The velocity is that of the connecting curve: on a decoder with kinks no geodesic can be followed to check it.",
  stalled:
    "The velocity is that of the connecting curve; no shot met the other point, because geodesics spread fast here or the metric is singular. Use float64, or nearer points.",
} as const;

/**
 * Logarithms of the second point of each pair at the first. Options are those of `connect`, and
 * so are the errors that it throws.
 */
export async function logarithms(options: LogarithmOptions): Promise<Logarithm[]> {
  const { cache, metric, signal, refine = true } = options;
  const { geodesics } = await connect({ ...options, engine: cache.engine });
  const guesses = await startVelocities(cache, metric, geodesics, signal);
  const unrefined = metric.kinked ? "kinked" : refine ? "stalled" : "unchecked";
  const plain = geodesics.map((geodesic, i): Logarithm => {
    const equal = geodesic.from.every((x, k) => x === geodesic.to[k]);
    const done = equal || geodesic.status !== "converged";
    return {
      velocity: guesses[i] as Float64Array,
      length: geodesic.length,
      miss: equal ? 0 : null,
      status: done ? geodesic.status : unrefined === "stalled" ? "stalled" : "converged",
      message: done ? geodesic.message : messages[unrefined],
      geodesic,
    };
  });
  if (unrefined !== "stalled") return plain;
  const open = plain.flatMap(({ status, length }, i) =>
    status !== "nonFinite" && length > 0 ? [i] : [],
  );
  const refined = await aim({
    cache,
    metric,
    points: joinRows(open.map((i) => (geodesics[i] as Geodesic).from)),
    targets: joinRows(open.map((i) => (geodesics[i] as Geodesic).to)),
    guesses: joinRows(open.map((i) => guesses[i] as Float64Array)),
    signal,
  });
  open.forEach((i, at) => {
    const { velocity, length, miss, firstMiss, converged } = refined[at] as Aim;
    const before = plain[i] as Logarithm;
    // Another, longer geodesic between the same points is not the logarithm.
    const longer = length > before.length * (1 + 1e-3 + before.geodesic.discretisationError);
    plain[i] =
      converged && !longer
        ? { ...before, velocity, length, miss, status: "converged", message: messages.converged }
        : { ...before, miss: firstMiss };
  });
  return plain;
}

/** Velocities of geodesics at their first end, at constant speed over one unit: -L G^-1 (dL/da). */
async function startVelocities(
  cache: ProgramCache,
  metric: Metric,
  geodesics: readonly Geodesic[],
  signal?: AbortSignal,
): Promise<Float64Array[]> {
  const d = metric.dimension;
  const z = joinRows(geodesics.map(({ from }) => from));
  const { G } = await runRows(cache, tensorGraph(metric), { z }, { signal });
  return geodesics.map(({ from, to, length, gradientFrom }, i) => {
    const raised = solvePositive(G as Float64Array, i * d * d, gradientFrom);
    // Where G is singular the straight way is as good as any.
    return raised ? raised.map((x) => -length * x) : to.map((x, k) => x - (from[k] as number));
  });
}

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
  const coarse = Math.max(finest, 1e-4);
  const near = await newton(options, coarse);
  if (coarse === finest) return near;
  const velocities = near.map(({ velocity }) => velocity);
  const open = near.flatMap(({ converged }, i) => (converged ? [i] : []));
  const rows = (values: Float64Array): Float64Array => {
    const all = splitRows(values, options.metric.dimension);
    return joinRows(open.map((i) => all[i] as Float64Array));
  };
  const exact = await newton(
    {
      ...options,
      points: rows(options.points),
      targets: rows(options.targets),
      guesses: joinRows(open.map((i) => velocities[i] as Float64Array)),
    },
    finest,
  );
  const results = [...near];
  open.forEach((i, at) => {
    results[i] = { ...(exact[at] as Aim), firstMiss: near[i]?.firstMiss ?? null };
  });
  return results;
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
  return { ...lane, converged: lane.miss <= 100 * goal, running: false };
}
