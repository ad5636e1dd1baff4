/**
 * @file Ours against what peers do, on one dense tanh decoder and the same pairs: time, and length over
 * the shortest that anybody found, by one ruler.
 *
 * `npm run bench -- peers MODEL [PAIRS]`. Peers are the methods of `peers.py` in PyTorch, where a Python
 * with it is found (Debian's python3-torch). The ruler is Boole's rule in float64 on the spline through
 * the nodes, to a relative error of 1e-5. The best known is the least of all that is printed, and of a
 * slow mode of ours.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectOptions, Geodesic, NumericArray, Tensor, Value } from "pullback";
import {
  bezierStart,
  connect,
  decoder as decoderOf,
  evaluator,
  gaussNewton,
  graphStart,
  gridStart,
  measure,
  nativeEngine,
  newton,
  programCache,
  pullback,
  random,
  readModel,
  readNpy,
  straight,
  withPrecision,
  writeNpy,
} from "pullback";

const [folder, wanted = "100"] = process.argv.slice(2);
if (!folder) throw new Error("peers: expected a model folder, got nothing");
const count = Number(wanted);
/** Pairs that the paper's network gets: it takes seconds for each. */
const networkPairs = 5;
const model = await readModel(folder);
const { decoder } = model;
const d = decoder.latentDimension;
const latents = Float64Array.from((model.latents as Tensor<"float32">).data);
const draw = random(1, "bench", "peers");
const pairs = Float64Array.from(
  Array.from({ length: 2 * count }, () => {
    const code = draw.integer(latents.length / d);
    return [...latents.subarray(code * d, (code + 1) * d)];
  }).flat(),
);

const engine = nativeEngine();
const cache = programCache(engine);
const metric = pullback(decoder);
const solve = async (options: Partial<ConnectOptions>, some = pairs) => {
  const begun = performance.now();
  const { geodesics, seconds } = await connect({
    ...{ engine, cache, metric, pairs: some, latents },
    ...options,
  });
  return { geodesics, seconds: (performance.now() - begun) / 1000 - seconds.compile };
};

const exact = evaluator(cache, pullback(decoderOf(withPrecision(decoder.graph, "float64"))));
const ruler = async (curves: readonly Float64Array[]): Promise<number[]> =>
  (await measure(exact, curves, 1e-5)).map(({ length }) => length);

interface Entry {
  readonly name: string;
  readonly seconds: number;
  readonly lengths: readonly number[];
}
const entries: Entry[] = [];
const enter = async (name: string, found: { geodesics: readonly Geodesic[]; seconds: number }) => {
  console.error(`peers: ${name}, ${found.seconds.toFixed(1)} s`);
  entries.push({
    name,
    seconds: found.seconds,
    lengths: await ruler(found.geodesics.map(({ curve }) => curve)),
  });
};

/** Mean ratios to the best known whose times are stated. */
const qualities = [1.1, 1.05, 1.02, 1.01] as const;

/** Ours, from the cheapest to the default: time to a quality is that of the first that has it. */
const efforts: readonly (readonly [string, Partial<ConnectOptions>])[] = [
  ["straight start, 25 segments", { starts: [straight], segments: { first: 25, most: 25 } }],
  ["grid start, 25 segments", { starts: [gridStart()], segments: { first: 25, most: 25 } }],
  ["grid start, 50 segments", { starts: [gridStart()], segments: { first: 50, most: 50 } }],
  ["grid start, tolerance 1e-2", { starts: [gridStart()], tolerance: 1e-2 }],
  ["default", {}],
];
for (const [name, options] of efforts) {
  await solve(options, pairs.subarray(0, 4 * d));
  await enter(name, await solve(options));
}

const slow: readonly Partial<ConnectOptions>[] = [
  {
    starts: [
      straight,
      gridStart({ side: 241 }),
      graphStart(),
      bezierStart(),
      bezierStart({ index: 1 }),
    ],
    segments: { first: 50, most: 1600 },
    tolerance: 1e-4,
  },
  { solver: gaussNewton, starts: [straight, gridStart({ side: 241 }), graphStart()] },
  { solver: newton, starts: [gridStart({ side: 241 })], segments: { first: 100, most: 800 } },
];
const pythons = ["python3", "/usr/bin/python3"];
/** How PyTorch may use the cores: which way is fastest depends on the machine, so that the best is taken. */
const settings = [1, availableParallelism()].flatMap((threads) =>
  ["active", "passive"].map((waiting) => ({
    OMP_NUM_THREADS: String(threads),
    OMP_WAIT_POLICY: waiting,
  })),
);
type Setting = (typeof settings)[number];
/** What `peers.py` writes. */
interface Told {
  readonly torch: string;
  readonly seconds: Readonly<Record<string, number>>;
}

const begun = performance.now();
const slowest = await Promise.all(
  (await inOrder(slow, (options) => solve(options))).map(({ geodesics }) =>
    ruler(geodesics.map(({ curve }) => curve)),
  ),
);
const best = (all: readonly (readonly number[])[]): number[] =>
  Array.from({ length: count }, (_, i) =>
    Math.min(...all.map((lengths) => lengths[i] ?? Number.POSITIVE_INFINITY)),
  );
entries.push({
  name: "slow mode",
  seconds: (performance.now() - begun) / 1000,
  lengths: best(slowest),
});

console.error(`peers: slow mode, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
const machine = await peers();
const shortest = best(entries.map(({ lengths }) => lengths));
console.log(`${folder}, ${count} pairs, ${engine.name}; ${machine}`);
for (const { name, seconds, lengths } of entries) {
  const ratios = lengths.map((length, i) => length / (shortest[i] as number));
  const mean = ratios.reduce((a, b) => a + b) / ratios.length;
  const time = `${seconds.toFixed(2)} s for ${lengths.length}`.padStart(16);
  console.log(
    `  ${name.padEnd(28)}${time}   mean ${mean.toFixed(4)}   worst ${Math.max(...ratios).toFixed(3)}`,
  );
}
const meanRatio = ({ lengths }: Entry): number =>
  lengths.reduce((sum, length, i) => sum + length / (shortest[i] as number), 0) / lengths.length;
const [ours, spline] = [
  entries.slice(0, efforts.length),
  entries.find(({ name }) => name === "PyTorch: spline"),
];
for (const quality of qualities) {
  const first = ours
    .filter((entry) => meanRatio(entry) <= quality)
    .sort((a, b) => a.seconds - b.seconds)[0];
  console.log(
    `  mean within ${quality}: ${first ? `${first.seconds.toFixed(2)} s (${first.name})` : "never"}`,
  );
}
if (spline)
  console.log(
    `  beside: the spline's mean ${meanRatio(spline).toFixed(4)} after ${spline.seconds.toFixed(2)} s`,
  );
await engine.dispose();

async function inOrder<A, B>(list: readonly A[], f: (a: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const item of list) results.push(await f(item));
  return results;
}

/** Runs the methods of `peers.py` and enters what they found. */
async function peers(): Promise<string> {
  const place = mkdtempSync(join(tmpdir(), "pullback-peers-"));
  const put = (name: string, array: NumericArray): void =>
    writeFileSync(join(place, `${name}.npy`), writeNpy(array));
  try {
    const { weights, biases, mean } = dense();
    writeFileSync(
      join(place, "layers.json"),
      JSON.stringify({
        mean,
        weights: weights.map((_, i) => `W${i}`),
        biases: biases.map((_, i) => `b${i}`),
      }),
    );
    weights.forEach((value, i) => {
      put(`W${i}`, asArray(value));
    });
    biases.forEach((value, i) => {
      put(`b${i}`, asArray(value));
    });
    put("pairs", { type: "float64", shape: [count, 2 * d], data: pairs });
    const script = join(import.meta.dirname ?? ".", "..", "peers.py");
    const python = pythons.find((each) => spawnSync(each, ["-c", "import torch"]).status === 0);
    if (!python) return "no Python with PyTorch: peers left out";
    const run = (setting: Setting, ...names: string[]): Told => {
      const { status, stderr } = spawnSync(
        python,
        [script, place, String(networkPairs), ...names],
        { encoding: "utf8", env: { ...process.env, ...setting } },
      );
      if (status !== 0) throw new Error(`peers.py failed: ${stderr}`);
      return JSON.parse(readFileSync(join(place, "peers.json"), "utf8"));
    };
    const tried = settings.map((setting) => ({
      setting,
      seconds: run(setting, "spline").seconds.spline as number,
    }));
    const { setting } = tried.reduce((a, b) => (b.seconds < a.seconds ? b : a));
    const methods = ["spline", "georce", "network"];
    const { torch, seconds } = run(setting, ...methods);
    for (const name of methods) {
      const { shape, data } = readNpy(readFileSync(join(place, `${name}.npy`)));
      const size = (shape[1] as number) * d;
      const curves = Array.from({ length: shape[0] as number }, (_, i) =>
        Float64Array.from((data as Float64Array).subarray(i * size, (i + 1) * size)),
      );
      entries.push({
        name: `PyTorch: ${name}`,
        seconds: seconds[name] as number,
        lengths: await ruler(curves),
      });
    }
    const { OMP_NUM_THREADS: threads, OMP_WAIT_POLICY: waiting } = setting;
    return `PyTorch ${torch}, ${threads} threads, ${waiting} waiting`;
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Weights and biases of a dense tanh decoder from its graph, first layer first. */
function dense(): { weights: Value[]; biases: Value[]; mean: string } {
  const [weights, biases]: [Value[], Value[]] = [[], []];
  let value = decoder.graph.outputs.mean as Value;
  const mean = ["Softplus", "Sigmoid"].includes(value.operator.name) ? value.operator.name : "";
  while (value.inputs.length > 0) {
    const [first, second] = value.inputs as [Value, Value?];
    if (value.operator.name === "Add") biases.unshift((first.data ? first : second) as Value);
    if (value.operator.name === "MatMul") weights.unshift(second as Value);
    value = (first.data ? second : first) as Value;
  }
  return { weights, biases, mean };
}

function asArray({ type, shape, data }: Value): NumericArray {
  return { type, shape: shape as number[], data } as NumericArray;
}
