/**
 * @file Is a difference between two ways of measuring the same things real? Tests on pairs.
 *
 * Wilcoxon's signed ranks for numbers and McNemar's for right or wrong, both two-sided. Exact where
 * the counting is cheap, so that few pairs are judged as strictly as they deserve.
 */
import { InputError } from "../array/errors.ts";

export interface SignedRanks {
  /** Pairs that differ; equal ones say nothing and are left out. */
  readonly pairs: number;
  /** Sum of the ranks of |a - b| where a > b. */
  readonly sum: number;
  /** Two-sided; 1 where no pair differs. */
  readonly p: number;
  readonly exact: boolean;
}

/** Up to so many pairs, all signs of the ranks are counted. */
const exactPairs = 50;

/**
 * Wilcoxon's signed-rank test of a against b (Wilcoxon 1945). Equal differences share their mean
 * rank. Exact up to 50 pairs that differ, ties included; beyond that normal with corrections for
 * ties and continuity. Throws `InputError` for other than equally many finite numbers.
 */
export function signedRanks(a: ArrayLike<number>, b: ArrayLike<number>): SignedRanks {
  const differences = Array.from(a, (value, i) => value - (b[i] as number));
  if (a.length !== b.length || !differences.every(Number.isFinite))
    throw new InputError(
      `signed ranks: expected two equally long lists of finite numbers, got ${a.length} and ${b.length}`,
    );
  const differing = differences.filter((x) => x !== 0);
  const n = differing.length;
  const ranks = midRanks(differing.map(Math.abs));
  const sum = differing.reduce((total, x, i) => total + (x > 0 ? (ranks[i] as number) : 0), 0);
  const exact = n <= exactPairs;
  const p = n === 0 ? 1 : exact ? exactSignedRanks(ranks, sum) : normalSignedRanks(ranks, sum);
  return { pairs: n, sum, p, exact };
}

/** Ranks from 1; equal values share the mean of theirs. */
function midRanks(values: readonly number[]): Float64Array {
  const order = values
    .map((_, i) => i)
    .sort((i, j) => (values[i] as number) - (values[j] as number));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    const value = values[order[from] as number];
    while (to < order.length && values[order[to] as number] === value) to++;
    for (let k = from; k < to; k++) ranks[order[k] as number] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/** Share of all signs whose sum is as far from the middle, by counting sums of doubled ranks. */
function exactSignedRanks(ranks: Float64Array, sum: number): number {
  const doubled = Array.from(ranks, (rank) => Math.round(2 * rank));
  const total = doubled.reduce((a, b) => a + b, 0);
  const share = new Float64Array(total + 1);
  share[0] = 1;
  let highest = 0;
  for (const rank of doubled) {
    highest += rank;
    for (let s = highest; s >= 0; s--)
      share[s] = ((share[s] as number) + (s >= rank ? (share[s - rank] as number) : 0)) / 2;
  }
  const low = Math.min(2 * sum, total - 2 * sum);
  let tail = 0;
  for (let s = 0; s <= low; s++) tail += share[s] as number;
  return Math.min(1, 2 * tail);
}

function normalSignedRanks(ranks: Float64Array, sum: number): number {
  // The variance of the sum is that of the ranks themselves, so shared ranks need no correction.
  const total = ranks.reduce((a, b) => a + b, 0);
  const squares = ranks.reduce((a, b) => a + b * b, 0);
  const distance = Math.max(0, Math.abs(sum - total / 2) - 0.5);
  return Math.min(1, 2 * normalTail(distance / Math.sqrt(squares / 4)));
}

export interface Discordance {
  /** Cases that only the first got right, and that only the second did. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided, exact (binomial); 1 where both were right on the same cases. */
  readonly p: number;
}

/** McNemar's test on the same cases, right (1) or wrong (0) by two methods. */
export function mcNemar(first: ArrayLike<number>, second: ArrayLike<number>): Discordance {
  if (first.length !== second.length)
    throw new InputError(
      `McNemar: expected two equally long lists, got ${first.length} and ${second.length}`,
    );
  let [onlyFirst, onlySecond] = [0, 0];
  for (let i = 0; i < first.length; i++) {
    if (first[i] && !second[i]) onlyFirst++;
    if (second[i] && !first[i]) onlySecond++;
  }
  const n = onlyFirst + onlySecond;
  // P(X <= least) for X of n fair coins, term by term from 2^-n in logarithms.
  let term = -n * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= Math.min(onlyFirst, onlySecond); k++) {
    tail += Math.exp(term);
    term += Math.log((n - k) / (k + 1));
  }
  return { onlyFirst, onlySecond, p: Math.min(1, 2 * tail) };
}

/**
 * P(Z > z) of a standard normal, z >= 0, to about 1e-12 of itself: the series around 0, and
 * Laplace's continued fraction from 3 on.
 */
export function normalTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let k = 3; Math.abs(term) > 1e-17 * sum; k += 2) {
      term *= (z * z) / k;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let k = 100; k > 0; k--) fraction = z + k / fraction;
  return density / fraction;
}
