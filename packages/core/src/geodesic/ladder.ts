/**
 * @file Parallel transport by the pole ladder (Lorenzi and Pennec 2014): geodesics alone, no
 * equation of transport.
 *
 * A rung reflects the tip of the vector at the middle of the step. Each rung is right to second
 * order in the step, and exact on symmetric spaces such as spheres and hyperbolic planes (Pennec
 * 2018). It costs four shots a rung and some Newton steps, so it is here as the check of the
 * equation and for curves of a few nodes.
 */
import { InputError } from "../array/errors.ts";
import { joinRows, splitRows } from "../array/rows.ts";
import { innerProduct } from "../array/solve.ts";
import type { Nodes } from "../curve/polyline.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import { requireSmooth } from "../metric/christoffel.ts";
import type { Metric } from "../metric/metric.ts";
import { tensorGraph } from "../metric/metric.ts";
import { aim } from "./aim.ts";
import { shoot } from "./shoot.ts";

export interface LadderOptions {
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** Nodes of each curve, [N + 1, d], as many for each; between them the way is the geodesic. */
  readonly curves: readonly Nodes[];
  /** The vector at the first node of each curve, [curves, d]. */
  readonly vectors: Float64Array;
  readonly signal?: AbortSignal;
}

/**
 * The vectors at the last nodes, [curves, d]; NaN where a rung could not be built. Throws
 * `InputError` for curves of different sizes and for decoders with kinks.
 */
export async function poleLadder(options: LadderOptions): Promise<Float64Array> {
  const { cache, metric, curves, signal } = options;
  requireSmooth("pole ladder", metric);
  const d = metric.dimension;
  check(options);
  const nodes = curves.map((curve) => splitRows(curve, d));
  const at = (i: number): Float64Array => joinRows(nodes.map((curve) => curve[i] as Float64Array));
  // A lane that failed goes on standing still, and is NaN in the end.
  const failed = curves.map(() => false);
  const exponential = async (points: Float64Array, velocities: Float64Array) => {
    const shots = await shoot({ cache, metric, points, velocities, segments: 1, signal });
    shots.forEach(({ status }, lane) => {
      failed[lane] ||= status !== "arrived";
    });
    return joinRows(shots.map(({ end }) => end));
  };
  const logarithm = async (points: Float64Array, targets: Float64Array) => {
    const guesses = targets.map((x, k) => x - (points[k] as number));
    const hits = await aim({ cache, metric, points, targets, guesses, signal });
    hits.forEach(({ converged }, lane) => {
      failed[lane] ||= !converged;
    });
    return joinRows(hits.map(({ velocity }) => velocity));
  };
  let vectors: Float64Array = options.vectors.slice();
  for (let i = 0; i + 1 < (nodes[0] as Float64Array[]).length; i++) {
    const [here, there] = [at(i), at(i + 1)];
    const step = await logarithm(here, there);
    const { G } = await runRows(cache, tensorGraph(metric), { z: here }, { signal });
    // Vectors as long as the step: shorter ones lose digits, longer ones the order.
    const scales = ratios(G as Float64Array, vectors, step, d);
    const scale = (values: Float64Array, sign: 1 | -1): Float64Array =>
      values.map((x, k) => x * (scales[Math.floor(k / d)] as number) ** sign);
    const tips = await exponential(here, scale(vectors, -1));
    const middles = await exponential(
      here,
      step.map((x) => x / 2),
    );
    const away = await logarithm(middles, tips);
    const reflected = await exponential(middles, negative(away));
    vectors = scale(negative(await logarithm(there, reflected)), 1);
  }
  return vectors.map((x, k) => (failed[Math.floor(k / d)] ? Number.NaN : x));
}

/** Length of each vector over that of the step; 1 where either has none. */
function ratios(G: Float64Array, vectors: Float64Array, step: Float64Array, d: number): number[] {
  const steps = splitRows(step, d);
  return splitRows(vectors, d).map((vector, lane) => {
    const length = (x: Float64Array): number => Math.sqrt(innerProduct(G, lane * d * d, x, x));
    const ratio = length(vector) / length(steps[lane] as Float64Array);
    return ratio > 0 && Number.isFinite(ratio) ? ratio : 1;
  });
}

const negative = (values: Float64Array): Float64Array => values.map((x) => -x);

function check({ metric, curves, vectors }: LadderOptions): void {
  const d = metric.dimension;
  const [first] = curves;
  if (!first) throw new InputError("pole ladder: expected one curve or more, got none");
  for (const curve of curves)
    if (curve.length !== first.length || curve.length % d !== 0 || curve.length < 2 * d)
      throw new InputError(
        `pole ladder: expected curves of equally many nodes of ${d} numbers, two or more, got ${curves.map(({ length }) => length)} numbers`,
      );
  if (vectors.length !== curves.length * d)
    throw new InputError(
      `pole ladder: expected ${curves.length} vectors of ${d} numbers, got ${vectors.length} numbers`,
    );
}
