/**
 * @file A geodesic solved again after one end moved a little, from the curve before: what a page does
 * while somebody drags. Beside it what its matrix products alone take.
 *
 * A model folder as argument gives decoder and pairs of its codes; otherwise a random decoder of Table 2.
 */
import type { Tensor } from "pullback";
import {
  connect,
  median,
  nativeEngine,
  previousStart,
  programCache,
  pullback,
  random,
  readModel,
} from "pullback";
import { tableTwoDecoder } from "./decoders.ts";
import { productsFloor, watched } from "./floor.ts";

const [folder] = process.argv.slice(2);
const { engine, take } = watched(nativeEngine());
const cache = programCache(engine);
const model = folder ? await readModel(folder) : null;
const metric = pullback(model?.decoder ?? tableTwoDecoder());
const d = metric.dimension;
const latents = Float64Array.from((model?.latents as Tensor<"float32"> | undefined)?.data ?? []);
const draw = random(3, "bench", "warm");
const moves = 40;
/** Length of a move, relative to the distance of the ends. */
const move = 0.01;

for (const segments of [50, 100]) {
  const options = {
    ...{ engine, cache, metric, latents, tolerance: 1e-2 },
    segments: { first: segments, most: segments },
  };
  const code = (): number[] => {
    const at = draw.integer(Math.max(1, latents.length / d)) * d;
    return Array.from({ length: d }, (_, k) => latents[at + k] ?? draw.normal());
  };
  const ends = Float64Array.from([...code(), ...code()]);
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
