/**
 * @file A geodesic solved again after one end moved a little, from the curve before: what a page does
 * while somebody drags. Beside it what its matrix products alone take.
 *
 * A model folder as argument gives decoder and pairs of its codes; otherwise a random decoder of Table 2.
 */
import {
  connect,
  median,
  nativeEngine,
  previousStart,
  programCache,
  pullback,
  random,
} from "pullback";
import { subjectOf } from "./decoders.ts";
import { productsFloor, watched } from "./floor.ts";

const [folder] = process.argv.slice(2);
const { engine, take } = watched(nativeEngine());
const cache = programCache(engine);
const { decoder, latents, code } = await subjectOf(folder);
const metric = pullback(decoder);
const d = metric.dimension;
const draw = random(3, "bench", "warm");
const moves = 40;
/** Length of a move, relative to the distance of the ends. */
const move = 0.01;

for (const segments of [50, 100]) {
  const options = {
    ...{ engine, cache, metric, latents, tolerance: 1e-2 },
    segments: { first: segments, most: segments },
  };
  const ends = Float64Array.from([...code(draw), ...code(draw)]);
  let { geodesics } = await connect({ ...options, pairs: ends });
  const times: number[] = [];
  take();
  for (let i = 0; i < moves; i++) {
    const size = Math.hypot(
      ...Array.from({ length: d }, (_, k) => (ends[d + k] as number) - (ends[k] as number)),
    );
    for (let k = 0; k < d; k++) ends[d + k] = (ends[d + k] as number) + move * size * draw.normal();
    const begun = performance.now();
    const curve = geodesics[0]?.curve ?? null;
    ({ geodesics } = await connect({ ...options, pairs: ends, starts: [previousStart([curve])] }));
    times.push(performance.now() - begun);
  }
  const floor = (await (await productsFloor(engine, take()))()) / moves;
  console.log(
    `${segments} segments, ${moves} moves, ${engine.name}: median ${median(times).toFixed(1)} ms, slowest ${Math.max(...times).toFixed(1)} ms, products alone ${floor.toFixed(1)} ms, ${geodesics[0]?.status}`,
  );
}
await engine.dispose();
