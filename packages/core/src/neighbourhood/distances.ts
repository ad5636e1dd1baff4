/**
 * @file Distances from one vertex to all others (Dijkstra), over and over on one graph.
 *
 * Without paths, on a heap of four children in typed arrays that are kept from one source to the
 * next: several times faster than `shortestPaths`, which answers paths.
 */
import type { SparseGraph } from "./sparse.ts";

/** Answers the distances from a source in an array that the next call writes again. */
export function distancesOn({ vertices, start, target, weight }: SparseGraph) {
  const distance = new Float64Array(vertices);
  const heap = new Int32Array(vertices);
  /** Place in the heap; -1 before and after. */
  const place = new Int32Array(vertices);

  return function from(source: number): Float64Array {
    distance.fill(Number.POSITIVE_INFINITY);
    place.fill(-1);
    distance[source] = 0;
    heap[0] = source;
    place[source] = 0;
    let size = 1;
    while (size > 0) {
      const vertex = heap[0] as number;
      place[vertex] = -1;
      const last = heap[--size] as number;
      if (size > 0) sink(last, size);
      const here = distance[vertex] as number;
      const end = start[vertex + 1] as number;
      for (let e = start[vertex] as number; e < end; e++) {
        const other = target[e] as number;
        const through = here + (weight[e] as number);
        if (through >= (distance[other] as number)) continue;
        distance[other] = through;
        const at = place[other] as number;
        rise(at < 0 ? size++ : at, other, through);
      }
    }
    return distance;
  };

  function rise(from: number, vertex: number, key: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const other = heap[parent] as number;
      if ((distance[other] as number) <= key) break;
      heap[at] = other;
      place[other] = at;
      at = parent;
    }
    heap[at] = vertex;
    place[vertex] = at;
  }

  function sink(vertex: number, size: number): void {
    const key = distance[vertex] as number;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      let child = first;
      let least = distance[heap[first] as number] as number;
      const end = Math.min(first + 4, size);
      for (let other = first + 1; other < end; other++) {
        const value = distance[heap[other] as number] as number;
        if (value < least) [child, least] = [other, value];
      }
      if (least >= key) break;
      const moved = heap[child] as number;
      heap[at] = moved;
      place[moved] = at;
      at = child;
    }
    heap[at] = vertex;
    place[vertex] = at;
  }
}
