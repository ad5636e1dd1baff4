/**
 * @file k medoids: the k points to which all others are nearest in sum, from distances alone.
 *
 * Partitioning around medoids with eager swaps (FasterPAM, Schubert and Rousseeuw 2021): a sweep
 * over all points costs n^2, whatever k is. A local minimum; the best of several starts is kept.
 */
import { InputError } from "../array/errors.ts";
import { random } from "../array/random.ts";
import type { FloatArray } from "../array/tensor.ts";
import { squareSize } from "./matrix.ts";

export interface Clustering {
  /** Cluster of each point, from 0, [n]. */
  readonly labels: Int32Array;
  /** The point in the middle of each cluster, for k medoids. */
  readonly medoids?: Int32Array;
  /** Sum of distances to the medoids. */
  readonly cost?: number;
}

export interface MedoidOptions {
  readonly clusters: number;
  /** 5 by default. */
  readonly starts?: number;
  readonly seed?: number;
}

/** Throws `InputError` for no matrix of distances, or clusters that are not 1 to n. */
export function kMedoids(
  distances: FloatArray,
  { clusters, starts = 5, seed = 1 }: MedoidOptions,
): Required<Clustering> {
  const n = squareSize("k medoids", distances);
  if (!(Number.isInteger(clusters) && clusters >= 1 && clusters <= n))
    throw new InputError(`k medoids: expected 1 to ${n} clusters, got ${clusters}`);
  let best: Required<Clustering> | undefined;
  for (let start = 0; start < starts; start++) {
    const first = spread(distances, n, clusters, seed, start);
    const found = improve(distances, n, first);
    if (!best || found.cost < best.cost) best = found;
  }
  return best as Required<Clustering>;
}

/** Points drawn with a chance that grows with the squared distance to those before (k-means++). */
function spread(
  distances: FloatArray,
  n: number,
  k: number,
  seed: number,
  start: number,
): Int32Array {
  const draw = random(seed, "medoids", String(start));
  const chosen = new Int32Array(k);
  const square = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  let next = draw.integer(n);
  for (let c = 0; c < k; c++) {
    chosen[c] = next;
    square[next] = -1;
    let total = 0;
    for (let i = 0; i < n; i++) {
      if (square[i] === -1) continue;
      square[i] = Math.min(square[i] as number, (distances[i * n + next] as number) ** 2);
      total += square[i] as number;
    }
    const target = draw.uniform() * total;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      if (square[i] === -1) continue;
      next = i;
      sum += square[i] as number;
      if (sum > target) break;
    }
  }
  return chosen;
}

/** Nearest and second nearest medoid of each point. */
interface Standing {
  readonly near: Int32Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

function standing(distances: FloatArray, n: number, medoids: Int32Array): Standing {
  const result = {
    near: new Int32Array(n),
    first: new Float64Array(n).fill(Number.POSITIVE_INFINITY),
    second: new Float64Array(n).fill(Number.POSITIVE_INFINITY),
  };
  for (let i = 0; i < n; i++)
    medoids.forEach((medoid, c) => {
      const d = distances[i * n + medoid] as number;
      if (d < (result.first[i] as number)) {
        result.second[i] = result.first[i] as number;
        result.first[i] = d;
        result.near[i] = c;
      } else if (d < (result.second[i] as number)) result.second[i] = d;
    });
  return result;
}

/** Swaps a medoid for another point as long as that makes the sum smaller. */
function improve(distances: FloatArray, n: number, start: Int32Array): Required<Clustering> {
  const medoids = start.slice();
  const k = medoids.length;
  let now = standing(distances, n, medoids);
  const change = new Float64Array(k);
  let idle = 0;
  for (let x = 0; idle < n; x = (x + 1) % n, idle++) {
    if (medoids.includes(x)) continue;
    // What is lost when a medoid goes, and what x wins, point by point.
    change.fill(0);
    let won = 0;
    for (let i = 0; i < n; i++) {
      const [c, first, second] = [now.near[i], now.first[i], now.second[i]] as [
        number,
        number,
        number,
      ];
      const d = distances[i * n + x] as number;
      // A point that x wins goes to x whichever medoid leaves; the others of that medoid move on.
      if (d < first) won += d - first;
      else change[c] = (change[c] as number) + Math.min(second, d) - first;
    }
    let out = 0;
    for (let c = 1; c < k; c++) if ((change[c] as number) < (change[out] as number)) out = c;
    const size = now.first.reduce((sum, d) => sum + d, 0);
    if (won + (change[out] as number) >= -1e-12 * (size + Number.MIN_VALUE)) continue;
    medoids[out] = x;
    now = standing(distances, n, medoids);
    idle = -1;
  }
  return { labels: now.near, medoids, cost: now.first.reduce((sum, d) => sum + d, 0) };
}
