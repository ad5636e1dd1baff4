/**
 * @file Matrices of distances on a Table 2 decoder, through the command line: time and memory as sizes double,
 * error of the graph, two workers against one, what the queue adds to a tile.
 *
 *     npm run bench -- distances                       everything, at full size: tens of minutes
 *     npm run bench -- distances exact [300]           all pairs of N codes, a geodesic each
 *     npm run bench -- distances graph [10000]         all pairs of N codes on the graph
 *     npm run bench -- distances landmarks [100000]    N codes to N / 100 of them, on the graph
 *     npm run bench -- distances workers [120]         exact, two processes against one, three times in turns
 *     npm run bench -- distances queue [961]           tiles that cost nothing; needs redis-server
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import type { Decoder } from "pullback";
import {
  constant,
  decoder,
  graph,
  input,
  matmul,
  median,
  random,
  tensorFrom,
  writeNpy,
  writeOnnx,
} from "pullback";
import { tableTwoDecoder } from "./decoders.ts";
import type { Outcome } from "./program.ts";
import { end, inFolder, program, startWorkers } from "./program.ts";

type Part = (folder: string, size: number) => Promise<void>;

/** Codes of the prior, in a file. */
function codesFile(folder: string, n: number): string {
  const draw = random(1, "bench", "codes");
  const data = Float32Array.from({ length: 2 * n }, () => draw.normal());
  return arrayFile(folder, data);
}

function arrayFile(folder: string, data: Float32Array<ArrayBuffer>): string {
  const file = join(folder, `codes-${data.length / 2}.npy`);
  writeFileSync(file, writeNpy({ type: "float32", shape: [data.length / 2, 2], data }));
  return file;
}

let runs = 0;
/** `pullback distances` of the codes in a file, into a store. */
function distances(folder: string, codes: string, ...args: string[]): Promise<Outcome> {
  const out = join(folder, `${runs++}.zarr`);
  const model = join(folder, "decoder.onnx");
  return program(["distances", model, "--latents", codes, "--out", out, ...args]);
}

/** A line for N / 2 codes and one for N. */
function growth(args: (n: number) => string[]): Part {
  return async (folder, size) => {
    console.log(
      "   codes   seconds   MB of all processes   graph's error: median, 95th percentile",
    );
    for (const n of [Math.round(size / 2), size]) {
      const { seconds, megabytes, json } = await distances(
        folder,
        codesFile(folder, n),
        ...args(n),
      );
      const error = json.error as { median: number; percentile95: number } | null;
      const cells = [String(n).padStart(8), seconds.toFixed(1), megabytes.toFixed(0)];
      if (error) cells.push(percent(error.median), percent(error.percentile95));
      console.log(cells.join("   "));
    }
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const workers: Part = async (folder, size) => {
  const codes = codesFile(folder, size);
  const seconds: Record<1 | 2, number[]> = { 1: [], 2: [] };
  for (let turn = 0; turn < 3; turn++)
    for (const count of [1, 2] as const) {
      const args = ["--method", "exact", "--workers", `${count}`];
      seconds[count].push((await distances(folder, codes, ...args)).seconds);
    }
  const [one, two] = [median(seconds[1]), median(seconds[2])];
  const listed = (of: readonly number[]): string => of.map((x) => x.toFixed(1)).join(", ");
  console.log(`one: ${listed(seconds[1])} s; two: ${listed(seconds[2])} s`);
  console.log(`ratio of medians ${(one / two).toFixed(2)}, starting up included`);
};

/** A plane in space, which costs nothing. */
function plane(): Decoder {
  const z = input("z", "float32", ["n", 2]);
  const mean = matmul(z, constant(tensorFrom("float32", [2, 3], [1, 0, 0, 0, 1, 1])));
  return decoder(graph([z], { mean }));
}

/**
 * All codes are the same but the last, so that nearly all tiles are nothing but their way. Small and large
 * matrices, so that what a run costs once is not counted.
 */
const queue: Part = async (folder, size) => {
  writeFileSync(join(folder, "decoder.onnx"), writeOnnx(plane().graph));
  const url = "redis://127.0.0.1:16379";
  const redis = spawn("redis-server", ["--port", "16379", "--save", "", "--bind", "127.0.0.1"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await new Promise((ready) => redis.stdout.once("data", ready));
  const [worker] = await startWorkers(url, 1);
  const more = async (n: number): Promise<{ tiles: number; seconds: number }> => {
    const codes = arrayFile(folder, new Float32Array(2 * n).fill(0.5).fill(0.6, 2 * n - 2));
    const own = await distances(folder, codes, "--method", "exact", "--workers", "1");
    const sent = await distances(folder, codes, "--method", "exact", "--queue", url);
    const blocks = Math.ceil(n / 16);
    const tiles = (blocks * (blocks + 1)) / 2;
    console.log(
      `${tiles} tiles: ${own.seconds.toFixed(1)} s in one process, ${sent.seconds.toFixed(1)} s through the queue`,
    );
    return { tiles, seconds: sent.seconds - own.seconds };
  };
  try {
    for (let turn = 0; turn < 3; turn++) {
      const [few, many] = [await more(Math.ceil(size / 4)), await more(size)];
      const each = (many.seconds - few.seconds) / (many.tiles - few.tiles);
      console.log(`the queue adds ${(1000 * each).toFixed(2)} ms a tile`);
    }
  } finally {
    if (worker) await end(worker);
    await end(redis);
  }
};

const parts: Readonly<Record<string, readonly [title: string, size: number, part: Part]>> = {
  exact: ["exact, all pairs, decoder 2-512-512-256", 300, growth(() => ["--method", "exact"])],
  graph: ["graph, all pairs, decoder 2-512-512-256", 10_000, growth(() => ["--method", "graph"])],
  landmarks: [
    "graph, to landmarks, decoder 2-512-512-256",
    100_000,
    growth((n) => ["--method", "graph", "--landmarks", `${Math.ceil(n / 100)}`]),
  ],
  workers: ["two processes against one, exact, decoder 2-512-512-256", 120, workers],
  queue: ["what the queue adds to a tile, decoder 2-3", 961, queue],
};

const [name, size] = process.argv.slice(2);
const wanted = name === undefined ? Object.keys(parts) : [name];
for (const one of wanted) {
  const part = parts[one];
  if (!part) {
    console.error(`distances: expected one of ${Object.keys(parts).join(", ")}, got ${one}`);
    process.exit(2);
  }
  const [title, usual, run] = part;
  const load = loadavg()[0]?.toFixed(1);
  console.log(`${title}; ${availableParallelism()} cores, load ${load}`);
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "decoder.onnx"), writeOnnx(tableTwoDecoder().graph));
    await run(folder, Number(size ?? usual));
  });
}
