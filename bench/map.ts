/** @file The magnification factor of a Table 2 decoder at 256 x 256 points, against its products. */
import { magnificationMap, nativeEngine, programCache } from "pullback";
import { tableTwoDecoder } from "./decoders.ts";
import { compare, flops, productsFloor, watched } from "./floor.ts";

const { engine, take } = watched(nativeEngine());
const cache = programCache(engine);
const decoder = tableTwoDecoder();
const job = () => magnificationMap({ engine, cache, decoder, bounds: [-3, 3, -3, 3], grid: 256 });

await job();
take();
await job();
const runs = take();
const work = [...runs].reduce((sum, [graph, times]) => sum + times * flops(graph), 0);
const result = await compare(job, await productsFloor(nativeEngine(), runs), 7);
console.log(`map 256 x 256, decoder 2-512-512-256, ${engine.name}`);
console.log(`  map       ${result.job.toFixed(0)} ms`);
console.log(`  products  ${result.floor.toFixed(0)} ms (${(work / 1e9).toFixed(1)} GFLOP)`);
console.log(`  ratio     ${result.ratio.toFixed(2)} (aim: 1.5)`);
