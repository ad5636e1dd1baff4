/** @file Shortest paths from one vertex (Dijkstra), as a tree that serves all its targets. */
import FlatQueue from "flatqueue";
import type { SparseGraph } from "./sparse.ts";

export interface ShortestPaths {
  readonly source: number;
  /** Infinity where there is no path, or none was needed. */
  readonly distance: Float64Array;
  /** Vertex before on the path, -1 at the source and where there is none. */
  readonly before: Int32Array;
}

/** Paths from `source`, until all `targets` are settled (all vertices without targets). */
export function shortestPaths(
  { vertices, start, target, weight }: SparseGraph,
  source: number,
  targets?: Iterable<number>,
): ShortestPaths {
  const distance = new Float64Array(vertices).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(vertices).fill(-1);
  const settled = new Uint8Array(vertices);
  const wanted = targets && new Set(targets);
  const queue = new FlatQueue<number>();
  distance[source] = 0;
  queue.push(source, 0);
  for (let vertex = queue.pop(); vertex !== undefined; vertex = queue.pop()) {
    if (settled[vertex]) continue;
    settled[vertex] = 1;
    if (wanted?.delete(vertex) && wanted.size === 0) break;
    const here = distance[vertex] as number;
    for (let e = start[vertex] as number; e < (start[vertex + 1] as number); e++) {
      const other = target[e] as number;
      const through = here + (weight[e] as number);
      if (through >= (distance[other] as number)) continue;
      distance[other] = through;
      before[other] = vertex;
      queue.push(other, through);
    }
  }
  return { source, distance, before };
}

/** Vertices from the source to `to`, both included; null where there is no path. */
export function pathTo({ source, before, distance }: ShortestPaths, to: number): number[] | null {
  if (!Number.isFinite(distance[to])) return null;
  const path = [to];
  for (let at = to; at !== source; ) {
    at = before[at] as number;
    path.push(at);
  }
  return path.reverse();
}
