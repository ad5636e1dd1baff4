/** @file What a job of distances computes: its id, its inputs in the store, and one tile of it. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Decoder, DistanceGraph, NumericArray, SampledError, Tiling } from "pullback-core";
import {
  adaptDecoder,
  chooseLandmarks,
  computeTile,
  distanceGraph,
  exactDistances,
  programCache,
  pullback,
  readNpy,
  readOnnx,
  sampledError,
  shortestPathsOn,
  writeNpy,
  writeOnnx,
} from "pullback-core";
import { nativeEngine } from "../engine/onnxruntime.ts";
import type { DistanceJob, DistanceStore } from "../files/distance-store.ts";
import { createStore } from "../files/distance-store.ts";
import { readBytes } from "../files/read.ts";
import { pathError } from "../files/reason.ts";
import { forget, temporaryBeside } from "../files/temporary.ts";

export interface JobOptions {
  readonly name: string;
  readonly decoder: Decoder;
  /** Codes [n, d]. */
  readonly codes: Float64Array;
  readonly method: "exact" | "graph";
  /** Landmarks instead of all the codes as columns. */
  readonly landmarks?: number | undefined;
  readonly neighbours: number;
  readonly tolerance: number;
  readonly threads: number;
  readonly device: string;
  readonly seed: number;
}

/** A job with the files that go beside its array. */
export interface PreparedJob {
  readonly job: DistanceJob;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Rows and columns of a chunk: geodesics are dear, searches of the graph cheap. */
const sides = { exact: 16, graph: 256 } as const;

/** What is to be computed, and the id of exactly that. */
export function prepareJob(options: JobOptions): PreparedJob {
  const { name, decoder, codes, method, neighbours, tolerance, threads, device, seed } = options;
  const d = decoder.latentDimension;
  const rows = codes.length / d;
  const landmarks = options.landmarks ? chooseLandmarks(codes, d, options.landmarks, seed) : null;
  const files: Record<string, Uint8Array> = {
    "decoder.onnx": writeOnnx(decoder.graph),
    "codes.npy": writeNpy({ type: "float64", shape: [rows, d], data: codes }),
    ...(landmarks && {
      "landmarks.npy": writeNpy({ type: "int32", shape: [landmarks.length], data: landmarks }),
    }),
  };
  const columns = landmarks?.length ?? rows;
  const side = Math.min(sides[method], rows);
  const tiling: Tiling = { method, rows, columns, landmarks: landmarks !== null, side };
  const settings = { format: 1 as const, tiling, neighbours, tolerance, threads, device, seed };
  const id = createHash("sha256").update(JSON.stringify(settings));
  for (const [file, bytes] of Object.entries(files)) id.update(file).update(bytes);
  return { job: { ...settings, id: id.digest("hex"), name }, files };
}

/** A store for a job, with nothing computed yet. */
export function createJob(folder: string, { job, files }: PreparedJob): Promise<DistanceStore> {
  return createStore(folder, job, async (aside) => {
    for (const [file, bytes] of Object.entries(files)) await writeFile(join(aside, file), bytes);
  });
}

export interface Worker {
  /** Computes a tile and writes it into the store. */
  compute(tile: number): Promise<void>;
  /** What is searched, or where geodesics begin. */
  readonly graph: DistanceGraph;
  /** How far the graph is from geodesics, on a sample; null for the exact method. */
  error(): Promise<SampledError | null>;
  /** Geodesic distances of some pairs of row and column. */
  exact(pairs: readonly (readonly [number, number])[]): Promise<Float64Array>;
  dispose(): Promise<void>;
}

export interface WorkerOptions {
  readonly signal?: AbortSignal | undefined;
  /** The share of the graph that is built. */
  readonly onGraph?: (done: number) => void;
}

/** Loads what a job needs; builds the graph where no other process has. */
export async function openWorker(
  store: DistanceStore,
  { signal, onGraph }: WorkerOptions = {},
): Promise<Worker> {
  const { job } = store;
  const { tiling } = job;
  const decoder = adaptDecoder(readOnnx(await readBytes(store.aside("decoder.onnx"))));
  const codes = readNpy(await readBytes(store.aside("codes.npy"))).data as Float64Array;
  const landmarks = tiling.landmarks
    ? (readNpy(await readBytes(store.aside("landmarks.npy"))).data as Int32Array)
    : null;
  const engine = nativeEngine({ threads: job.threads, device: job.device });
  const cache = programCache(engine);
  const metric = pullback(decoder);
  const codeOf = (column: number): number => landmarks?.[column] ?? column;
  try {
    const { seed, neighbours, tolerance } = job;
    const options = { engine, cache, metric, seed, points: codes, ...(signal && { signal }) };
    const graph =
      (await readGraph(store)) ??
      (await writeGraph(
        store,
        await distanceGraph({ ...options, neighbours, ...(onGraph && { onProgress: onGraph }) }),
      ));
    const exact = (pairs: readonly (readonly [number, number])[]): Promise<Float64Array> => {
      const codePairs = pairs.map(([a, b]) => [a, codeOf(b)] as const);
      return exactDistances(codePairs, { ...options, graph, tolerance });
    };
    const search = tiling.method === "graph" ? shortestPathsOn(graph) : null;
    return {
      graph,
      exact,
      error: async () => (search ? sampledError(graph, options) : null),
      async compute(tile) {
        const work = search
          ? { from: (column: number) => search(codeOf(column)).distance }
          : { pairs: exact };
        await store.writeTile(tile, await computeTile(tiling, tile, work));
      },
      dispose: () => engine.dispose(),
    };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

const graphParts = ["start", "target", "weight", "points"] as const;

/** Names of the graph's files beside the array. */
export const graphFiles = graphParts.map((part) => `graph/${part}.npy`);

async function readGraph(store: DistanceStore): Promise<DistanceGraph | null> {
  if (!existsSync(store.aside("graph"))) return null;
  const parts: Record<string, NumericArray["data"]> = {};
  for (const part of graphParts)
    parts[part] = readNpy(await readBytes(store.aside(join("graph", `${part}.npy`)))).data;
  const { start, target, weight, points } = parts as unknown as DistanceGraph;
  const codes = store.job.tiling.rows;
  return { vertices: start.length - 1, start, target, weight, points, codes };
}

/** The first process to be done leaves its graph for the others; all would build the same. */
async function writeGraph(store: DistanceStore, graph: DistanceGraph): Promise<DistanceGraph> {
  const folder = store.aside("graph");
  const temporary = temporaryBeside(folder);
  try {
    await mkdir(temporary);
    for (const part of graphParts) {
      const data = graph[part];
      const type = data instanceof Int32Array ? "int32" : "float64";
      const bytes = writeNpy({ type, shape: [data.length], data } as NumericArray);
      await writeFile(join(temporary, `${part}.npy`), bytes);
    }
    await rename(temporary, folder);
  } catch (error) {
    if (!existsSync(folder)) throw pathError("write", folder, error);
  } finally {
    forget(temporary);
  }
  return graph;
}
