/** @file How far distances on a graph are from geodesics, on a sample of pairs. */
import { random } from "../array/random.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Engine } from "../engine/engine.ts";
import type { Metric } from "../metric/metric.ts";
import { shortestPathsOn } from "../neighbourhood/shortest.ts";
import { exactDistances } from "./exact.ts";
import type { DistanceGraph } from "./graph.ts";

export interface SampleOptions {
  readonly engine: Engine;
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** Pairs that are compared; 64 by default. */
  readonly pairs?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** |graph / geodesic - 1| over the sample. */
export interface SampledError {
  readonly pairs: number;
  readonly median: number;
  readonly percentile95: number;
  /** Mean of graph / geodesic - 1, with its sign: graphs are too long. */
  readonly bias: number;
}

/**
 * Compares distances on the graph with geodesics. Each geodesic starts from the graph's own path,
 * so that it is the same way, straightened.
 */
export async function sampledError(
  graph: DistanceGraph,
  { engine, cache, metric, pairs = 64, seed = 1, signal }: SampleOptions,
): Promise<SampledError> {
  const d = metric.dimension;
  const search = shortestPathsOn(graph);
  const draw = random(seed, "distance", "sample");
  const chosen: [number, number][] = [];
  const lengths: number[] = [];
  for (let i = 0; i < pairs; i++) {
    const a = draw.integer(graph.codes);
    const b = (a + 1 + draw.integer(graph.codes - 1)) % graph.codes;
    const length = search(a).distance[b] as number;
    if (!(length > 0)) continue;
    chosen.push([a, b]);
    lengths.push(length);
  }
  const points = graph.points.subarray(0, graph.codes * d);
  const exact = await exactDistances(chosen, {
    engine,
    cache,
    metric,
    points,
    graph,
    seed,
    ...(signal && { signal }),
  });
  const relative = lengths.map((length, i) => length / (exact[i] as number) - 1);
  const sizes = relative
    .filter(Number.isFinite)
    .map(Math.abs)
    .sort((a, b) => a - b);
  const at = (share: number): number =>
    sizes[Math.min(sizes.length - 1, Math.floor(share * sizes.length))] ?? 0;
  return {
    pairs: sizes.length,
    median: at(0.5),
    percentile95: at(0.95),
    bias:
      relative.filter(Number.isFinite).reduce((sum, x) => sum + x, 0) / Math.max(1, sizes.length),
  };
}
