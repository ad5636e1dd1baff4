/**
 * @file One step of training, Table 2 of the paper (batch 20, K 50), against its matrix products;
 * the optimiser in TypeScript and in a graph; memory over 10,000 steps.
 */
import type { Program, Tensor } from "pullback";
import {
  adam,
  add,
  div,
  gradientName,
  gradientNorm,
  graph,
  initialParameters,
  input,
  mul,
  nativeEngine,
  network,
  parameterViews,
  preset,
  random,
  sqrt,
  sub,
  train,
  trainingGraph,
} from "pullback";
import { compare, flops, median, productsFloor } from "./floor.ts";

const rounds = 150;
const sampling = { batchSize: 20, samples: 50 };
const { spec } = preset("pendulum", "paper", { dataDimension: 256, rows: 15_000 });
const net = network(spec);
const engine = nativeEngine();
const draw = random(1, "bench", "training");
const normal = (...shape: readonly number[]): Tensor<"float32"> => ({
  type: "float32",
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => draw.normal()),
});

const parameters = initialParameters(net.parameters, 1);
const gradient = new Float32Array(parameters.length);
const gradients = Object.fromEntries(
  Object.entries(parameterViews(net.parameters, gradient)).map(([name, view]) => [
    gradientName(name),
    view,
  ]),
);
const source = trainingGraph(net, sampling);
const program = await engine.compile(source);
const inputs = {
  x: normal(sampling.batchSize, spec.dataDimension),
  noise: normal(sampling.batchSize * sampling.samples, spec.latentDimension),
  priorWeight: { type: "float32" as const, shape: [], data: Float32Array.of(1) },
  ...parameterViews(net.parameters, parameters),
};
const step = () => program.run(inputs, gradients);

console.log(
  `training step, Table 2: batch 20, K 50, ${parameters.length} parameters, ${engine.name}`,
);
for (let i = 0; i < 20; i++) await step();
const work = flops(source);
const result = await compare(step, await productsFloor(engine, new Map([[source, 1]])), rounds);
const gflops = (ms: number) => `${ms.toFixed(1)} ms, ${(work / ms / 1e6).toFixed(0)} GFLOP/s`;
console.log(`  bound and gradients  ${gflops(result.job)} (${(work / 1e9).toFixed(2)} GFLOP)`);
console.log(`  products alone       ${gflops(result.floor)}`);
console.log(`  ratio                ${result.ratio.toFixed(2)} (aim: 1.25)`);

/** Milliseconds of a job, each time after a step, as in training. */
async function afterStep(job: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds / 3; round++) {
    await step();
    const start = performance.now();
    await job();
    times.push(performance.now() - start);
  }
  return median(times);
}

const moments = {
  first: new Float32Array(parameters.length),
  second: new Float32Array(parameters.length),
};
const inTypeScript = await afterStep(() => {
  gradientNorm(gradient);
  adam({ parameters, ...moments }, gradient, { step: 10, learningRate: 1e-6 });
});
const share = inTypeScript / (result.job + inTypeScript);
console.log(
  `  optimiser            ${inTypeScript.toFixed(1)} ms in TypeScript, ${(100 * share).toFixed(0)} % of the step (aim: 30 %)`,
);
for (const pieces of [1, 4, 16]) {
  const inGraph = await adamInGraph(pieces);
  console.log(
    `                       ${(await afterStep(inGraph)).toFixed(1)} ms in a graph, ${pieces} pieces`,
  );
}

/** The same update from ONNX operators, over the flat vector cut into pieces. */
async function adamInGraph(pieces: number): Promise<() => Promise<void>> {
  const size = Math.floor(parameters.length / pieces);
  const [p, g, m, v] = ["p", "g", "m", "v"].map((name) => input(name, "float32", [size]));
  const rate = input("rate", "float32", []);
  if (!p || !g || !m || !v) throw new Error("four inputs");
  const first = add(mul(m, 0.9), mul(g, 0.1));
  const second = add(mul(v, 0.999), mul(mul(g, g), 0.001));
  const next = sub(p, div(mul(first, rate), add(sqrt(second), 1e-8)));
  const update: Program = await engine.compile(graph([p, g, m, v, rate], { next, first, second }));
  const rateTensor = { type: "float32" as const, shape: [], data: Float32Array.of(1e-6) };
  const calls = Array.from({ length: pieces }, (_, i) => {
    const part = (data: Float32Array): Tensor<"float32"> => ({
      type: "float32",
      shape: [size],
      data: data.subarray(i * size, (i + 1) * size),
    });
    const [p, m, v] = [part(parameters), part(moments.first), part(moments.second)];
    return {
      inputs: { p, g: part(gradient), m, v, rate: rateTensor },
      into: { next: p, first: m, second: v },
    };
  });
  return async () => {
    for (const { inputs, into } of calls) await update.run(inputs, into);
  };
}

const megabytes = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().rss / 2 ** 20;
};
const memory: { readonly step: number; readonly rss: number }[] = [];
await train({
  engine,
  spec,
  settings: { steps: 10_000, batchSize: 4, samples: 4, learningRate: 1e-4 },
  seed: 1,
  data: normal(1000, spec.dataDimension),
  checkpointEvery: 1000,
  onCheckpoint: async ({ step }) => void memory.push({ step, rss: megabytes() }),
});
memory.push({ step: 10_000, rss: megabytes() });
console.log("  memory over 10,000 steps (batch 4, K 4), MB resident:");
console.log(`    ${memory.map(({ step, rss }) => `${step}: ${rss.toFixed(0)}`).join("  ")}`);
await engine.dispose();
