/** @file All distances between the codes of a graph, in memory: for as many as fit. */
import { shortestPathsOn } from "../neighbourhood/shortest.ts";
import type { DistanceGraph } from "./graph.ts";

export interface MatrixOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Lengths of shortest paths between codes: [n, n], symmetric, 0 on the diagonal; one search a code. */
export async function graphDistances(
  graph: DistanceGraph,
  { signal, onProgress }: MatrixOptions = {},
): Promise<Float64Array> {
  const n = graph.codes;
  const result = new Float64Array(n * n);
  const search = shortestPathsOn(graph);
  for (let i = 0; i < n; i++) {
    signal?.throwIfAborted();
    const { distance } = search(i);
    // Sums of the same edges from the other end may differ in the last digit.
    for (let j = i + 1; j < n; j++) {
      result[i * n + j] = distance[j] as number;
      result[j * n + i] = distance[j] as number;
    }
    onProgress?.((i + 1) / n);
    // A search takes its time: let whoever waits for this thread in between.
    await new Promise((resume) => setTimeout(resume, 0));
  }
  return result;
}
