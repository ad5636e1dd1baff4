/**
 * @file Distances on a graph over codes of a Table 2 decoder while their number doubles: time and memory of
 * the graph, time of a search, error against geodesics. One process, one thread.
 *
 *     npm run bench -- distances [most, default 10000]
 */
import {
  distanceGraph,
  nativeEngine,
  programCache,
  pullback,
  random,
  sampledError,
  shortestPathsOn,
} from "pullback";
import { tableTwoDecoder } from "./decoders.ts";

const most = Number(process.argv[2] ?? 10_000);
const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
const metric = pullback(tableTwoDecoder());
const normal = random(1, "bench", "codes");
const all = Float64Array.from({ length: 2 * most }, () => normal.normal());

console.log(`graph distances, decoder 2-512-512-256, ${engine.name}`);
console.log("  codes   graph s   search ms   matrix s (one process)   median   95th   memory MB");
for (let n = Math.ceil(most / 4); n <= most; n *= 2) {
  const begin = performance.now();
  const graph = await distanceGraph({ cache, metric, points: all.slice(0, 2 * n) });
  const built = (performance.now() - begin) / 1000;
  const search = shortestPathsOn(graph);
  search(0);
  const searches = 40;
  const start = performance.now();
  for (let i = 0; i < searches; i++) search(i);
  const one = (performance.now() - start) / searches;
  const { median, percentile95 } = await sampledError(graph, { engine, cache, metric, pairs: 48 });
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  console.log(
    [
      String(n).padStart(7),
      built.toFixed(1).padStart(9),
      one.toFixed(1).padStart(11),
      ((one * n) / 1000).toFixed(0).padStart(24),
      percent(median).padStart(8),
      percent(percentile95).padStart(6),
      (process.memoryUsage().rss / 1e6).toFixed(0).padStart(11),
    ].join(""),
  );
}
await engine.dispose();
