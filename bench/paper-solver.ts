/**
 * @file The fast solver against the paper's on 20 pairs, both in G: lengths, and the time to the
 * answer. Then what an iteration of the paper's solver costs, against its matrix products.
 *
 * A model folder as argument gives decoder and pairs of its latent codes; otherwise a random
 * decoder of Table 2 and pairs of the prior.
 */
import type { Graph, Tensor, Value } from "pullback";
import {
  compareSolvers,
  median,
  nativeEngine,
  neuralDefaults,
  programCache,
  pullback,
  quantile,
  random,
  readModel,
  sizeOf,
} from "pullback";
import { tableTwoDecoder } from "./decoders.ts";
import { allProducts, compare, flops, productsFloor, watched } from "./floor.ts";

const [folder] = process.argv.slice(2);
const count = 20;
const draw = random(1, "bench", "paper-solver");
const model = folder ? await readModel(folder) : null;
const decoder = model?.decoder ?? tableTwoDecoder();
const latents = Float64Array.from(model?.latents?.data ?? []);
const d = decoder.latentDimension;
const codes = latents.length / d;
const pairs = Float64Array.from(
  Array.from({ length: 2 * count }, () => {
    const code = codes > 0 ? draw.integer(codes) : 0;
    return Array.from({ length: d }, (_, k) =>
      codes > 0 ? (latents[code * d + k] as number) : draw.normal(),
    );
  }).flat(),
);

const { engine, take } = watched(nativeEngine());
const compared = await compareSolvers({
  cache: programCache(engine),
  metric: pullback(decoder),
  pairs,
  latents,
});

const of = (number: (pair: (typeof compared)[0]) => number): number[] => compared.map(number);
const ratios = of(({ lengthRatio }) => lengthRatio);
const times = of(({ fastSeconds, paperSeconds }) => paperSeconds / fastSeconds);
const iterations = of(({ paper }) => paper.iterations);
const pretraining = of(({ paper }) => paper.trace?.[0]?.seconds as number);
const perIteration = of(({ paper }) => {
  const [first, last] = [paper.trace?.[0], paper.trace?.at(-1)];
  return first && last && last.iteration > 0
    ? (1000 * (last.seconds - first.seconds)) / last.iteration
    : Number.NaN;
});
const seconds = (x: number): string => `${x.toPrecision(3)} s`;
console.log(
  `${count} pairs, ${folder ? model?.description.name : "random decoder 2-512-512-256"}, ${engine.name}`,
);
console.log(
  `  length, fast over paper's    median ${median(ratios).toFixed(4)}, worst ${Math.max(...ratios).toFixed(4)} (at most 1.005)`,
);
console.log(
  `  within 0.5 % of the fast     ${compared.filter(({ reached }) => reached).length} of ${count} pairs`,
);
console.log(
  `  time to the answer           fast ${seconds(compared[0]?.fastSeconds as number)}, paper's median ${seconds(median(of(({ paperSeconds }) => paperSeconds)))}, longest ${seconds(Math.max(...of(({ paperSeconds }) => paperSeconds)))} a pair`,
);
console.log(
  `  paper's over fast            median ${median(times).toFixed(0)}, quartiles ${quantile(times, 0.25).toFixed(0)} to ${quantile(times, 0.75).toFixed(0)}, least ${Math.min(...times).toFixed(0)}`,
);
console.log(
  `  of the paper's               pre-training ${seconds(median(pretraining))}, ${median(perIteration).toFixed(1)} ms an iteration, ${median(iterations)} iterations (at most ${neuralDefaults.iterations}) a pair`,
);

/** The graph that an iteration runs for most of the pairs. */
const [objective] = [...take()]
  .filter(([{ outputs }]) => outputs.speed && outputs.gradient)
  .sort(([, a], [, b]) => b - a)
  .map(([source]) => source) as [Graph];
const networks = objective.outputs.speed?.shape[0] as number;
const feeds = Object.fromEntries(
  Object.entries(objective.inputs).map(([name, { type, shape }]: [string, Value]) => {
    const data = Float32Array.from({ length: sizeOf(shape as number[]) }, () => draw.normal() / 9);
    return [name, { type, shape, data } as Tensor];
  }),
);
const program = await engine.compile(objective);
for (let i = 0; i < 3; i++) await program.run(feeds);
const floor = await productsFloor(engine, new Map([[objective, 1]]), allProducts);
const result = await compare(() => program.run(feeds), floor, 15);
console.log(`  an iteration of ${networks} networks at once, ${neuralDefaults.points} points each`);
console.log(
  `    objective and gradient     ${(result.job / networks).toFixed(1)} ms a pair (${(flops(objective, allProducts) / networks / 1e9).toFixed(2)} GFLOP)`,
);
console.log(`    products alone             ${(result.floor / networks).toFixed(1)} ms a pair`);
console.log(`    ratio                      ${result.ratio.toFixed(2)}`);
await engine.dispose();
