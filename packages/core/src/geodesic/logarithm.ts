/**
 * @file The logarithm map: the velocity at one point whose geodesic ends at another.
 *
 * `connect` finds the geodesic and with it a velocity that is right to the square of its step;
 * Newton's method on exp_a(v) = b, with shots, makes it exact. Where that fails, because the
 * geodesics of a rough decoder spread too fast, the velocity of `connect` stands, and the status
 * says so.
 */
import { joinRows } from "../array/rows.ts";
import { solvePositive } from "../array/solve.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Status } from "../format/result.ts";
import type { Metric } from "../metric/metric.ts";
import { tensorGraph } from "../metric/metric.ts";
import type { Aim } from "./aim.ts";
import { aim } from "./aim.ts";
import type { ConnectOptions } from "./connect.ts";
import { connect } from "./connect.ts";
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
