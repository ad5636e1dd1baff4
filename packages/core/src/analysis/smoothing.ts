/**
 * @file What smoothing (Eq. 17) does to the lengths of given curves, for many lambda at once (Fig. 3),
 * and the rule that chooses lambda.
 *
 * G is evaluated once along the curves; each lambda is then a matter of eigenvalues.
 */
import { symmetricEigen } from "../array/eigen.ts";
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import { evaluator } from "../curve/evaluator.ts";
import type { Nodes } from "../curve/polyline.ts";
import { resample } from "../curve/polyline.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Metric } from "../metric/metric.ts";
import type { Curve } from "./along.ts";
import { mean, median } from "./statistics.ts";

export interface SmoothingOptions {
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** Straight lines between pairs, and the paths along the data between the same pairs. */
  readonly straight: readonly Curve[];
  readonly data: readonly Curve[];
  readonly lambdas: readonly number[];
  /** Singular values kept, all by default. */
  readonly rank?: number;
  readonly signal?: AbortSignal;
}

/** Lengths of all pairs in the smoothed metric of one lambda. */
export interface SmoothingRow {
  readonly lambda: number;
  readonly straight: readonly number[];
  readonly data: readonly number[];
  /** Mean path along the data over mean straight line. */
  readonly ratio: number;
}

/** Segments of a curve, over which the speed is summed at their middles: O(segments^-2). */
const segments = 256;

/** The lengths of both kinds of curve for each lambda. */
export async function smoothingTable(options: SmoothingOptions): Promise<SmoothingRow[]> {
  const { cache, metric, straight, data, lambdas, signal } = options;
  const d = metric.dimension;
  const rank = options.rank ?? d;
  if (straight.length === 0 || straight.length !== data.length)
    throw new InputError(
      `smoothing: expected as many paths along the data as straight lines, got ${data.length} and ${straight.length}`,
    );
  const nodes = [...straight, ...data].map((curve) =>
    resample(Float64Array.from(curve.flat()), d, segments),
  );
  const { middles, steps } = middlesOf(nodes, d);
  const G = await evaluator(cache, metric, signal).tensors(middles);
  const parts = decompose(G, steps, d, rank);
  return lambdas.map((lambda) => {
    const lengths = lengthsFor(parts, lambda, rank, nodes.length);
    const row = {
      lambda,
      straight: lengths.slice(0, straight.length),
      data: lengths.slice(straight.length),
    };
    return { ...row, ratio: mean(row.data) / mean(row.straight) };
  });
}

/**
 * Zero and nine decades from that of the square of the median largest singular value of G at the
 * codes: lambda has the unit of G^2, and far below that it changes nothing.
 */
export async function lambdaGrid(
  cache: ProgramCache,
  metric: Metric,
  codes: FloatArray,
): Promise<number[]> {
  const d = metric.dimension;
  const n = codes.length / d;
  const some = Math.min(n, 500);
  const points = Float64Array.from(
    { length: some * d },
    (_, i) => codes[Math.floor((Math.floor(i / d) * n) / some) * d + (i % d)] as number,
  );
  const G = await evaluator(cache, metric).tensors(points);
  const largest = Array.from(
    { length: some },
    (_, i) => symmetricEigen(G, d, i * d * d).values[0] as number,
  );
  const first = Math.floor(Math.log10(median(largest) ** 2));
  return [0, ...Array.from({ length: 9 }, (_, i) => 10 ** (first + i))];
}

/**
 * The rule, stated before looking: the first lambda after 0 from which the next one lets the ratio
 * of path along the data to straight line fall by less than a tenth of itself.
 */
export function chooseLambda(rows: readonly SmoothingRow[]): number {
  const candidates = rows.filter(({ lambda }) => lambda > 0);
  const settled = candidates.find((row, i) => {
    const next = candidates[i + 1];
    return next === undefined || row.ratio - next.ratio < 0.1 * row.ratio;
  });
  if (!settled) throw new InputError("smoothing: expected a lambda above 0, got none");
  return settled.lambda;
}

function middlesOf(nodes: readonly Nodes[], d: number) {
  const count = nodes.length * segments;
  const [middles, steps] = [new Float64Array(count * d), new Float64Array(count * d)];
  nodes.forEach((curve, c) => {
    for (let i = 0; i < segments * d; i++) {
      const [a, b] = [curve[i] as number, curve[i + d] as number];
      middles[c * segments * d + i] = (a + b) / 2;
      steps[c * segments * d + i] = b - a;
    }
  });
  return { middles, steps };
}

/** Of each segment the largest eigenvalues of G and the squared share of the step along each. */
function decompose(G: Float64Array, steps: Float64Array, d: number, rank: number) {
  const count = steps.length / d;
  const [values, shares] = [new Float64Array(count * rank), new Float64Array(count * rank)];
  for (let i = 0; i < count; i++) {
    const eigen = symmetricEigen(G, d, i * d * d);
    for (let k = 0; k < rank; k++) {
      let along = 0;
      for (let l = 0; l < d; l++)
        along += (eigen.vectors[k * d + l] as number) * (steps[i * d + l] as number);
      values[i * rank + k] = Math.max(0, eigen.values[k] as number);
      shares[i * rank + k] = along * along;
    }
  }
  return { values, shares };
}

function lengthsFor(
  { values, shares }: ReturnType<typeof decompose>,
  lambda: number,
  rank: number,
  curves: number,
): number[] {
  return Array.from({ length: curves }, (_, c) => {
    let length = 0;
    for (let i = c * segments; i < (c + 1) * segments; i++) {
      let square = 0;
      for (let k = i * rank; k < (i + 1) * rank; k++) {
        const s = values[k] as number;
        square += (lambda === 0 ? s : s ** 3 / (s ** 2 + lambda)) * (shares[k] as number);
      }
      length += Math.sqrt(square);
    }
    return length;
  });
}
