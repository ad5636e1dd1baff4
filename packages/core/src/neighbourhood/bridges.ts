/** @file What joins the components of a graph over points. */
import { distance } from "../array/linear.ts";
import type { SparseGraph } from "./sparse.ts";
import { components } from "./sparse.ts";

/** For each component but the first, the shortest latent segment to what is joined already. */
export function bridges(graph: SparseGraph, points: Float64Array, d: number): [number, number][] {
  const { count, of } = components(graph);
  const result: [number, number][] = [];
  const joined: number[] = [];
  for (let component = 0; component < count; component++) {
    const members = Array.from(of.keys()).filter((vertex) => of[vertex] === component);
    let best: [number, number] | null = null;
    let shortest = Number.POSITIVE_INFINITY;
    for (const a of members)
      for (const b of joined) {
        const length = distance(points, a * d, points, b * d, d);
        if (length >= shortest) continue;
        shortest = length;
        best = [a, b];
      }
    if (best) result.push(best);
    joined.push(...members);
  }
  return result;
}
