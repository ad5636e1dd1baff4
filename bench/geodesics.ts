/**
 * @file 100 geodesics with 100 segments on a Table 2 decoder, against the products they need; then
 * the memory over many batches. A model folder's `decoder.onnx` as argument replaces the random one.
 */
import {
  connect,
  gridStart,
  nativeEngine,
  programCache,
  pullback,
  random,
  straight,
} from "pullback";
import { tableTwoDecoder } from "./decoders.ts";
import { compare, flops, productsFloor, watched } from "./floor.ts";

const { engine, take } = watched(nativeEngine());
const cache = programCache(engine);
const metric = pullback(tableTwoDecoder());
const draw = random(2, "bench", "pairs");
const pairs = Float64Array.from({ length: 400 }, () => 1.5 * draw.normal());
const solve = (starts: "straight" | "both", count = 100) =>
  connect({
    engine,
    cache,
    metric,
    pairs: pairs.subarray(0, 4 * count),
    starts: starts === "straight" ? [straight] : [straight, gridStart()],
    segments: { first: 25, most: 100 },
    tolerance: 1e-6,
  });

for (const starts of ["straight", "both"] as const) {
  await solve(starts);
  take();
  const { geodesics, seconds } = await solve(starts);
  const runs = take();
  const work = [...runs].reduce((sum, [graph, times]) => sum + times * flops(graph), 0);
  const result = await compare(() => solve(starts), await productsFloor(nativeEngine(), runs), 5);
  const mean = geodesics.reduce((sum, { length }) => sum + length, 0) / geodesics.length;
  console.log(`100 geodesics, 100 segments, starts ${starts}, ${engine.name}`);
  console.log(
    `  geodesics ${result.job.toFixed(0)} ms (mean length ${mean.toFixed(4)}; start ${seconds.start.toFixed(2)} s, solve ${seconds.solve.toFixed(2)} s)`,
  );
  console.log(`  products  ${result.floor.toFixed(0)} ms (${(work / 1e9).toFixed(0)} GFLOP)`);
  console.log(`  ratio     ${result.ratio.toFixed(2)} (aim: 1.5)`);
}

const megabytes = (): number => process.memoryUsage().rss / 2 ** 20;
const batches = 1000;
for (let batch = 0; batch <= batches; batch++) {
  if (batch % 200 === 0)
    console.log(`memory after ${batch} batches of 2: ${megabytes().toFixed(0)} MB`);
  await solve("straight", 2);
}
