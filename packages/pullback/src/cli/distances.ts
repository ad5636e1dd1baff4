/** @file `pullback distances`: pairwise distances along the manifold, in tiles. */
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { SampledError } from "pullback-core";
import { InputError, shardTiles, tileCount, writeNpy } from "pullback-core";
import * as v from "valibot";
import type { DistanceStore } from "../files/distance-store.ts";
import { openStore } from "../files/distance-store.ts";
import { readModel } from "../files/model-folder.ts";
import type { FileClaim } from "../files/write.ts";
import { claimFile } from "../files/write.ts";
import type { PreparedJob, Worker } from "../jobs/distances.ts";
import { createJob, openWorker, prepareJob } from "../jobs/distances.ts";
import { checkRoom, duration, estimate } from "../jobs/estimate.ts";
import { runPool } from "../jobs/pool.ts";
import { codesOf, codesOption } from "./codes.ts";
import type { Terminal } from "./command.ts";
import { command, UsageError } from "./command.ts";
import {
  argument,
  flag,
  number,
  oneOf,
  option,
  parsed,
  path,
  text,
  wholeNumber,
} from "./options.ts";

const outFile = parsed("a path ending in .npy, .csv or .zarr", (text) =>
  /\.(npy|csv|zarr)$/i.test(text) ? text : undefined,
);

const share = parsed("i/n with i from 1 to n", (text): readonly [number, number] | undefined => {
  const [, i, n] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  return i && n && Number(i) >= 1 && Number(i) <= Number(n) ? [Number(i), Number(n)] : undefined;
});

/** Above this the graph's distances are warned of. */
const tolerable = 0.05;

export const distances = command({
  name: "distances",
  summary: "distances between all codes along the manifold, n x n or n x landmarks",
  arguments: { model: argument("model folder or decoder .onnx", path) },
  options: {
    latents: codesOption,
    out: option("FILE", "matrix of float32: .npy, .csv, or .zarr, a folder in chunks", outFile),
    method: option(
      "NAME",
      "exact (a geodesic each) or graph (shortest paths) (default: exact up to 300 codes)",
      v.optional(oneOf(["exact", "graph"])),
    ),
    neighbours: option("K", "graph: edges of a code", v.optional(wholeNumber(2), "24")),
    landmarks: option(
      "N",
      "columns: N codes spread over all, instead of all",
      v.optional(wholeNumber()),
    ),
    tolerance: option(
      "X",
      "exact: relative error of a length",
      v.optional(number({ positive: true }), "1e-3"),
    ),
    workers: option("N", "processes (default: all cores)", v.optional(wholeNumber())),
    queue: option(
      "URL",
      "send the tiles to `pullback worker`s through this Redis",
      v.optional(text),
    ),
    shard: option(
      "I/N",
      "compute only the I-th of N shares, into a store that others share",
      v.optional(share),
    ),
    merge: flag("check the tiles that shares have computed, and close the matrix"),
    resume: flag("go on with the tiles that are there"),
  },
  async run({ arguments: { model }, options, ...terminal }) {
    const { out, shard, merge } = options;
    if (shard && options.queue) throw new UsageError("--queue: expected without --shard, got both");
    if (shard && merge)
      throw new UsageError("--merge: expected after all shares, got it with --shard");
    // Said before the work. Loaded late: a queue is for few commands.
    if (options.queue) await (await import("../jobs/queue/redis.ts")).reachable(options.queue);
    const zarr = /\.zarr$/i.test(out);
    const target = zarr || shard ? null : await claimFile(out, options);
    const opened = await readModel(model, options.set);
    const { decoder, description } = opened;
    const codes = await codesOf(opened, options.latents);
    const rows = codes.shape[0] as number;
    if (rows < 2) throw new InputError(`distances: expected two or more codes, got ${rows}`);
    const prepared = prepareJob({
      name: description.name,
      decoder,
      codes: Float64Array.from(codes.data),
      method: options.method ?? (rows <= 300 ? "exact" : "graph"),
      landmarks: options.landmarks,
      neighbours: options.neighbours,
      tolerance: options.tolerance,
      threads: options.threads ?? 1,
      device: options.device,
      seed: options.seed,
    });
    const folder = zarr ? out : `${out}.parts`;
    const started = performance.now();
    const store = await storeFor(folder, prepared, options);
    const workers = options.workers ?? availableParallelism();
    const error = merge
      ? null
      : await compute(store, { workers, shard, queue: options.queue }, terminal);
    const seconds = (performance.now() - started) / 1000;
    const { tiling, id } = store.job;
    const json = { out, ...tiling, id, workers, seconds, error };
    const size = `${tiling.rows} x ${tiling.columns} distances, ${tiling.method}`;
    if (shard) return { text: `share ${shard.join("/")} of ${size}: ${folder}`, json };
    await checked(store);
    if (target) {
      await target.write(matrix(target, store));
      await rm(folder, { recursive: true });
    }
    return {
      text: [`${size}, in ${duration(seconds)}: ${out}`, ...inWords(error)].join("\n"),
      json,
    };
  },
});

interface Existing {
  readonly overwrite: boolean;
  readonly resume: boolean;
  readonly merge: boolean;
  readonly shard?: readonly [number, number] | undefined;
}

/** The store of this job: opened where it is there and may be gone on with, made otherwise. */
async function storeFor(
  folder: string,
  prepared: PreparedJob,
  { overwrite, resume, merge, shard }: Existing,
): Promise<DistanceStore> {
  const found = await openStore(folder);
  const same = found?.job.id === prepared.job.id;
  if (found && same && (resume || merge || shard)) return found;
  if (merge)
    throw new InputError(
      found
        ? `${folder}: expected the tiles of this job, got those of another: model, codes or options differ`
        : `${folder}: expected tiles to merge, found nothing`,
    );
  if (found && !overwrite)
    throw new InputError(
      same
        ? `${folder}: it exists; --resume goes on with it, --overwrite begins again`
        : `${folder}: expected the tiles of this job, got those of another (${found.job.name}, ${found.job.tiling.method}); --overwrite replaces it`,
    );
  if (found) await rm(folder, { recursive: true });
  const { rows, columns } = prepared.job.tiling;
  await checkRoom(folder, (rows * columns * 4) / 1e6);
  try {
    return await createJob(folder, prepared);
  } catch (error) {
    // Another share was faster.
    const other = shard && (await openStore(folder));
    if (other && other.job.id === prepared.job.id) return other;
    throw error;
  }
}

interface Work {
  readonly workers: number;
  readonly shard?: readonly [number, number] | undefined;
  readonly queue?: string | undefined;
}

/** Computes what is not there yet. The error of a graph is that of its square matrices. */
async function compute(
  store: DistanceStore,
  { workers, shard, queue }: Work,
  { signal, progress, note }: Terminal,
): Promise<SampledError | null> {
  const { tiling } = store.job;
  const done = await store.done();
  const all = shard ? shardTiles(tiling, ...shard) : [...Array(tileCount(tiling)).keys()];
  const tiles = all.filter((tile) => !done.has(tile));
  if (done.size > 0) note(`${all.length - tiles.length} of ${all.length} tiles are there`);
  const building = progress({ label: "graph", total: 100, unit: "%" });
  const worker = await openWorker(store, {
    signal,
    onGraph: (share) => building.update(Math.round(100 * share)),
  }).finally(() => building.end());
  try {
    if (tiles.length > 0) {
      const { seconds, megabytes, diskMegabytes } = await estimate(worker, tiling, tiles, workers);
      const memory = `${Math.ceil(megabytes)} MB a process beside the engine`;
      const then = tiling.method === "graph" && !shard ? "; then geodesics, for the error" : "";
      note(`about ${duration(seconds)}, ${memory}, ${Math.ceil(diskMegabytes)} MB on disk${then}`);
      await run(store, worker, tiles, { workers, queue }, { signal, progress, note });
    }
    return shard ? null : await errorOf(worker, note);
  } finally {
    await worker.dispose();
  }
}

async function run(
  store: DistanceStore,
  worker: Worker,
  tiles: readonly number[],
  { workers, queue }: Work,
  { signal, progress, note }: Terminal,
): Promise<void> {
  const bar = progress({ label: "distances", total: tiles.length, unit: "tiles" });
  let count = 0;
  const onTile = (): void => bar.update(++count);
  try {
    if (queue !== undefined) {
      const { runQueue } = await import("../jobs/queue/coordinator.ts");
      await runQueue({ url: queue, store, tiles, signal, onTile, note });
    } else if (workers > 1 && tiles.length > 1)
      await runPool({ folder: store.folder, tiles, workers, signal, onTile });
    else
      for (const tile of tiles) {
        signal.throwIfAborted();
        await worker.compute(tile);
        onTile();
        // The thread computes; what waits for it, such as Ctrl-C, comes in between.
        await new Promise(setImmediate);
      }
  } finally {
    bar.end();
  }
}

/** How far a graph's distances are from geodesics, with a warning where that is far. */
async function errorOf(worker: Worker, note: (line: string) => void): Promise<SampledError | null> {
  const found = await worker.error();
  if (found && found.median > tolerable)
    note(
      `distances on the graph differ from geodesics by ${percent(found.median)} at the median: more --neighbours, or --method exact`,
    );
  return found;
}

/** Throws `InputError` that says which tiles lack or are not what was written. */
async function checked(store: DistanceStore): Promise<void> {
  const { missing, damaged } = await store.verify();
  if (missing.length + damaged.length === 0) return;
  const some = [...missing, ...damaged].slice(0, 8).join(", ");
  throw new InputError(
    `${store.folder}: ${missing.length} tiles are missing and ${damaged.length} are damaged (${some}); --resume computes those that are missing`,
  );
}

/** The matrix as a file, a block of rows at a time. */
async function* matrix(
  { path }: FileClaim,
  store: DistanceStore,
): AsyncGenerator<Uint8Array | string> {
  const { rows, columns, side } = store.job.tiling;
  const asText = /\.csv$/i.test(path);
  if (!asText) yield npyHeader(rows, columns);
  for (let block = 0; block * side < rows; block++) {
    const { data } = await store.readRows(block);
    if (!asText) yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    else
      for (let at = 0; at < data.length; at += columns)
        yield `${data.subarray(at, at + columns).join(",")}\n`;
  }
}

/** What stands before the numbers of an .npy of that shape. */
function npyHeader(rows: number, columns: number): Uint8Array {
  return writeNpy({ type: "float32", shape: [rows, columns], data: new Float32Array(0) });
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function inWords(error: SampledError | null): string[] {
  if (!error) return [];
  return [
    `graph against geodesics on ${error.pairs} pairs: ${percent(error.median)} at the median, ${percent(error.percentile95)} at the 95th percentile`,
  ];
}
