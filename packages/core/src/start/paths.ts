/** @file From shortest paths in a graph over latent points to starts: shared by grid and graph. */
import type { Nodes } from "../curve/polyline.ts";
import { pathTo, shortestPathsOn } from "../neighbourhood/shortest.ts";
import type { SparseGraph } from "../neighbourhood/sparse.ts";
import type { Pairs } from "./start.ts";
import { ends, pairCount } from "./start.ts";

/**
 * The shortest path for each pair, from vertex `entry[2 i]` to `entry[2 i + 1]`, as a polyline
 * between the pair's own points. One tree serves all pairs that share an entry.
 */
export function pathsBetween(
  graph: SparseGraph,
  vertices: Float64Array,
  pairs: Pairs,
  entry: ArrayLike<number>,
): (Nodes | null)[] {
  const { d } = pairs;
  const bySource = new Map<number, number[]>();
  for (let i = 0; i < pairCount(pairs); i++) {
    const source = entry[2 * i] as number;
    bySource.set(source, [...(bySource.get(source) ?? []), i]);
  }
  const result: (Nodes | null)[] = Array.from({ length: pairCount(pairs) }, () => null);
  const search = shortestPathsOn(graph);
  for (const [source, members] of bySource) {
    const tree = search(
      source,
      members.map((i) => entry[2 * i + 1] as number),
    );
    for (const i of members) {
      const path = pathTo(tree, entry[2 * i + 1] as number);
      if (path) result[i] = between(vertices, path, pairs, i, d);
    }
  }
  return result;
}

/**
 * The path's vertices with the pair's points at its ends. A vertex nearest to an end would make
 * the curve turn back; it gives way to the end itself.
 */
function between(
  vertices: Float64Array,
  path: readonly number[],
  pairs: Pairs,
  i: number,
  d: number,
): Nodes {
  const { from, to } = ends(pairs, i);
  const inner = path.slice(1, -1);
  const nodes = new Float64Array((inner.length + 2) * d);
  nodes.set(from, 0);
  inner.forEach((vertex, j) => {
    nodes.set(vertices.subarray(vertex * d, (vertex + 1) * d), (j + 1) * d);
  });
  nodes.set(to, (inner.length + 1) * d);
  return nodes;
}

/** Smooths a path's corners: each inner node moves towards the middle of its neighbours. */
export function smooth(nodes: Nodes, d: number, rounds: number): Nodes {
  let current = nodes;
  for (let round = 0; round < rounds; round++) {
    const next = current.slice();
    for (let i = d; i < current.length - d; i++)
      next[i] =
        ((current[i - d] as number) + 2 * (current[i] as number) + (current[i + d] as number)) / 4;
    current = next;
  }
  return current;
}

/** Latent bounding box of points, [low, high] an axis, widened by a share of its size. */
export function boundingBox(points: Float64Array, d: number, margin: number): [number, number][] {
  return Array.from({ length: d }, (_, k) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = k; i < points.length; i += d) {
      low = Math.min(low, points[i] as number);
      high = Math.max(high, points[i] as number);
    }
    const extra = margin * (high - low) || 1;
    return [low - extra, high + extra];
  });
}
