/**
 * @file Draws from the normal distribution of a Riemannian space around a point,
 * p(z) dz proportional to exp(-d(mean, z)^2 / (2 sigma^2)) dVol(z) (Pennec 2006).
 *
 * Metropolis and Hastings with independent proposals: v from a wider normal in the tangent space,
 * z = exp(v), and the ratio of densities has the volume that exp makes of the tangent space,
 * J(v) = |det d exp| sqrt(det G). A proposal that a shorter geodesic reaches lies beyond the cut
 * locus and has no weight, so every point is counted once. The wider proposal keeps weights bounded
 * wherever curvature is bounded below, since J grows like exp(c |v|) at most (Bishop), and so the
 * chain forgets its start at a geometric rate.
 */
import { InputError } from "../array/errors.ts";
import { random } from "../array/random.ts";
import { joinRows, splitRows } from "../array/rows.ts";
import { determinant, orthonormalFrame } from "../array/solve.ts";
import { runRows } from "../engine/blocks.ts";
import { connect } from "../geodesic/connect.ts";
import type { SpreadingShot } from "../geodesic/differential.ts";
import { shootSpreading } from "../geodesic/differential.ts";
import type { LogarithmOptions } from "../geodesic/logarithm.ts";
import { shotTolerance } from "../geodesic/shoot.ts";
import { logDensity } from "../metric/density.ts";
import { tensorGraph } from "../metric/metric.ts";

export interface RiemannianNormalOptions extends Omit<LogarithmOptions, "pairs" | "refine"> {
  /** [d] */
  readonly mean: readonly number[];
  /** Standard deviation, a length in the metric. */
  readonly sigma: number;
  readonly count: number;
}

export interface RiemannianNormal {
  /** [count, d]; a rejected proposal repeats the sample before it. */
  readonly samples: Float64Array;
  /** Distance of each to the mean, [count]. */
  readonly distances: Float64Array;
  /** Share of proposals that were taken. */
  readonly acceptance: number;
}

/** Width of proposals over sigma. */
const widening = 1.2;
/** Proposals before the first sample. */
const burnIn = 100;

/** Where a proposal lies and how much it weighs. */
interface Proposal {
  readonly end: Float64Array;
  readonly distance: number;
  /** -Infinity where it has no weight. */
  readonly logWeight: number;
}

/**
 * Samples around a mean, the same for the same seed. Throws `InputError` for a sigma or count that
 * is none, where the metric is singular at the mean, and where no proposal reaches any place; and
 * what `connect` throws.
 */
export async function riemannianNormal(
  options: RiemannianNormalOptions,
): Promise<RiemannianNormal> {
  const { mean, count, sigma, seed = 1 } = options;
  check(options);
  const d = mean.length;
  const proposals = await propose(options, burnIn + count);
  const { uniform } = random(seed, "riemannian normal", "accept");
  const first = proposals.findIndex(({ logWeight }) => logWeight > Number.NEGATIVE_INFINITY);
  if (first < 0)
    throw new InputError(
      `riemannian normal: expected a sigma that the decoder's space has room for, got ${sigma}: no geodesic from the mean arrived`,
    );
  let current = proposals[first] as Proposal;
  let taken = 0;
  const samples = new Float64Array(count * d);
  const distances = new Float64Array(count);
  proposals.forEach((proposal, i) => {
    if (Math.log(uniform()) < proposal.logWeight - current.logWeight) {
      current = proposal;
      taken++;
    }
    if (i < burnIn) return;
    samples.set(current.end, (i - burnIn) * d);
    distances[i - burnIn] = current.distance;
  });
  return { samples, distances, acceptance: taken / proposals.length };
}

async function propose(options: RiemannianNormalOptions, total: number): Promise<Proposal[]> {
  const { cache, metric, sigma, seed = 1, signal } = options;
  const mean = Float64Array.from(options.mean);
  const d = mean.length;
  const { G } = await runRows(cache, tensorGraph(metric), { z: mean }, { signal });
  const frame = orthonormalFrame(G as Float64Array, d);
  if (!frame)
    throw new InputError(
      `riemannian normal: expected a metric of full rank at the mean, got a singular one at z = ${mean}`,
    );
  const axes = splitRows(frame, d);
  const { normal } = random(seed, "riemannian normal");
  const velocities = Array.from({ length: total }, () => {
    const steps = axes.map(() => widening * sigma * normal());
    return mean.map((_, k) =>
      axes.reduce((sum, axis, l) => sum + (steps[l] as number) * (axis[k] as number), 0),
    );
  });
  const shots = await shootSpreading({
    cache,
    metric,
    points: joinRows(velocities.map(() => mean)),
    velocities: joinRows(velocities),
    tolerance: Math.max(1e-8, shotTolerance(metric)),
    segments: 1,
    maxSteps: 1000,
    signal,
  });
  const arrived = shots.flatMap((shot, i) => (shot ? [{ shot, i }] : []));
  const ends = joinRows(arrived.map(({ shot }) => shot.end));
  const densities = await logDensity(cache, metric, ends, signal);
  const shortest = await minimal(
    options,
    mean,
    arrived.map(({ shot }) => shot),
  );
  const nowhere = { end: mean, distance: 0, logWeight: Number.NEGATIVE_INFINITY };
  const proposals: Proposal[] = velocities.map(() => nowhere);
  arrived.forEach(({ shot, i }, at) => {
    if (!shortest[at]) return;
    const spread = Math.log(Math.abs(determinant(shot.differential, d)));
    const tilt = (shot.length ** 2 / (2 * sigma ** 2)) * (1 - 1 / widening ** 2);
    const logWeight = spread + (densities[at] as number) - tilt;
    if (Number.isFinite(logWeight))
      proposals[i] = { end: shot.end, distance: shot.length, logWeight };
  });
  return proposals;
}

/** Whether a geodesic is the shortest way to its end, as far as `connect` can tell. */
async function minimal(
  options: RiemannianNormalOptions,
  mean: Float64Array,
  shots: readonly SpreadingShot[],
): Promise<boolean[]> {
  const { cache, tolerance = 1e-3 } = options;
  const moved = shots.flatMap((shot, i) => (shot.end.some((x, k) => x !== mean[k]) ? [i] : []));
  const result = shots.map(() => true);
  if (moved.length === 0) return result;
  const pairs = joinRows(moved.flatMap((i) => [mean, (shots[i] as SpreadingShot).end]));
  const { geodesics } = await connect({ ...options, engine: cache.engine, pairs });
  moved.forEach((i, at) => {
    const { length } = shots[i] as SpreadingShot;
    result[i] = !((geodesics[at]?.length as number) < length * (1 - 2 * tolerance));
  });
  return result;
}

function check({ metric, mean, sigma, count }: RiemannianNormalOptions): void {
  if (mean.length !== metric.dimension || !mean.every(Number.isFinite))
    throw new InputError(
      `riemannian normal: expected a mean of ${metric.dimension} finite numbers, got ${mean}`,
    );
  if (!(sigma > 0) || !Number.isFinite(sigma))
    throw new InputError(`riemannian normal: expected sigma above 0, got ${sigma}`);
  if (!Number.isInteger(count) || count < 1)
    throw new InputError(`riemannian normal: expected a count from 1, got ${count}`);
}
