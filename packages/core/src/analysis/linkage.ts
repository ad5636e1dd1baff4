/**
 * @file Agglomerative clustering: the two nearest clusters become one, until k are left.
 *
 * By chains of nearest neighbours (Murtagh 1983), n^2 in all; a float64 copy of the matrix is
 * changed on the way.
 */
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import { squareSize } from "./matrix.ts";
import type { Clustering } from "./medoids.ts";

/** Distance of two clusters: the mean over pairs, the greatest, or the least. */
export type Linkage = "average" | "complete" | "single";

export interface AgglomerativeOptions {
  readonly clusters: number;
  /** `average` by default. */
  readonly linkage?: Linkage;
}

/** Clusters in the order of their first points. Throws `InputError` as `kMedoids` does. */
export function agglomerative(
  distances: FloatArray,
  { clusters, linkage = "average" }: AgglomerativeOptions,
): Clustering {
  const n = squareSize("agglomerative", distances);
  if (!(Number.isInteger(clusters) && clusters >= 1 && clusters <= n))
    throw new InputError(`agglomerative: expected 1 to ${n} clusters, got ${clusters}`);
  const merges = chain(Float64Array.from(distances), n, linkage);
  // The chain finds merges out of order.
  merges.sort((a, b) => a.height - b.height);
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] as number;
    return at;
  };
  for (const { a, b } of merges.slice(0, n - clusters)) parent[root(b)] = root(a);
  const names = new Map<number, number>();
  const labels = Int32Array.from({ length: n }, (_, i) => {
    const own = root(i);
    const name = names.get(own) ?? names.size;
    names.set(own, name);
    return name;
  });
  return { labels };
}

interface Merge {
  /** A point of either cluster. */
  readonly a: number;
  readonly b: number;
  readonly height: number;
}

function chain(D: Float64Array, n: number, linkage: Linkage): Merge[] {
  const size = new Float64Array(n).fill(1);
  const alive = new Uint8Array(n).fill(1);
  const merges: Merge[] = [];
  const path: number[] = [];
  while (merges.length < n - 1) {
    if (path.length === 0) path.push(alive.indexOf(1));
    const top = path.at(-1) as number;
    const before = path.at(-2) ?? -1;
    // The one before is taken at a tie: the chain would go round otherwise.
    let [near, least] = [
      before,
      before < 0 ? Number.POSITIVE_INFINITY : (D[top * n + before] as number),
    ];
    for (let j = 0; j < n; j++) {
      if (!alive[j] || j === top || !((D[top * n + j] as number) < least)) continue;
      [near, least] = [j, D[top * n + j] as number];
    }
    if (near !== before) {
      path.push(near);
      continue;
    }
    path.length -= 2;
    merges.push({ a: top, b: near, height: least });
    join(D, n, top, near, size, alive, linkage);
  }
  return merges;
}

/** Lance and Williams's rule: `b` vanishes into `a`. */
function join(
  D: Float64Array,
  n: number,
  a: number,
  b: number,
  size: Float64Array,
  alive: Uint8Array,
  linkage: Linkage,
): void {
  const [m, l] = [size[a] as number, size[b] as number];
  alive[b] = 0;
  size[a] = m + l;
  for (let j = 0; j < n; j++) {
    if (!alive[j] || j === a) continue;
    const [x, y] = [D[a * n + j] as number, D[b * n + j] as number];
    const joined =
      linkage === "average"
        ? (m * x + l * y) / (m + l)
        : linkage === "complete"
          ? Math.max(x, y)
          : Math.min(x, y);
    D[a * n + j] = joined;
    D[j * n + a] = joined;
  }
}
