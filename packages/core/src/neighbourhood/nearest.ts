/** @file Exact nearest neighbours by comparison with every point. */

/**
 * The k points nearest to each query, nearest first: indices [queries, k], -1 where there are
 * fewer than k. A point at the same index as the query is left out when `skipSelf`.
 */
export function nearest(
  points: Float64Array,
  queries: Float64Array,
  d: number,
  k: number,
  skipSelf = false,
): Int32Array {
  const count = points.length / d;
  const result = new Int32Array((queries.length / d) * k).fill(-1);
  const best = new Float64Array(k);
  for (let q = 0; q < queries.length / d; q++) {
    best.fill(Number.POSITIVE_INFINITY);
    const row = q * k;
    for (let p = 0; p < count; p++) {
      if (skipSelf && p === q) continue;
      let square = 0;
      for (let i = 0; i < d; i++)
        square += ((points[p * d + i] as number) - (queries[q * d + i] as number)) ** 2;
      if (square >= (best[k - 1] as number)) continue;
      let at = k - 1;
      for (; at > 0 && (best[at - 1] as number) > square; at--) {
        best[at] = best[at - 1] as number;
        result[row + at] = result[row + at - 1] as number;
      }
      best[at] = square;
      result[row + at] = p;
    }
  }
  return result;
}
