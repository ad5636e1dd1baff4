/** @file Shortest paths from one vertex (Dijkstra), over and over on one graph. */
import { indexedHeap } from "./heap.ts";
import type { SparseGraph } from "./sparse.ts";

/** A tree of shortest paths. The search that answered it writes it again when asked the next time. */
export interface ShortestPaths {
  readonly source: number;
  /** Infinity where there is no path, or none was needed. */
  readonly distance: Float64Array;
  /** Vertex before on the path, -1 at the source and where there is none. */
  readonly before: Int32Array;
}

/** From a source, until all targets are settled (all vertices without targets). */
export type Search = (source: number, targets?: Iterable<number>) => ShortestPaths;

/** The search of a graph; its arrays are kept from one source to the next. */
export function shortestPathsOn({ vertices, start, target, weight }: SparseGraph): Search {
  const distance = new Float64Array(vertices);
  const before = new Int32Array(vertices);
  const queue = indexedHeap(distance);

  return (source, targets) => {
    const wanted = targets && new Set(targets);
    distance.fill(Number.POSITIVE_INFINITY);
    before.fill(-1);
    queue.clear();
    distance[source] = 0;
    queue.push(source);
    for (let vertex = queue.pop(); vertex >= 0; vertex = queue.pop()) {
      if (wanted?.delete(vertex) && wanted.size === 0) break;
      const here = distance[vertex] as number;
      const end = start[vertex + 1] as number;
      for (let e = start[vertex] as number; e < end; e++) {
        const other = target[e] as number;
        const through = here + (weight[e] as number);
        if (through >= (distance[other] as number)) continue;
        distance[other] = through;
        before[other] = vertex;
        queue.push(other);
      }
    }
    return { source, distance, before };
  };
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
