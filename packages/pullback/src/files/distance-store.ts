/**
 * @file A matrix of distances on disk while it grows: a zarr array (version 3) whose chunks are the
 * tiles' results, and beside them what any process needs to compute more of them.
 *
 *     zarr.json, c/ROW/COLUMN        the array, float32, as other programs open it
 *     pullback/job.json              what is computed, the id of exactly that, and this store's own name
 *     pullback/decoder.onnx, codes.npy, landmarks.npy, graph/
 *     pullback/tiles/N.json          a tile that is done, with the digest of each of its chunks
 *
 * Every file is written aside and renamed, a tile's own after its chunks, so that a process may die
 * anywhere and nothing that is there is half a thing.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Chunk, Place } from "pullback-core";
import { filledPlaces, InputError, tileCount } from "pullback-core";
import * as v from "valibot";
import * as zarr from "zarrita";
import { codeOf, pathError } from "./reason.ts";
import { forget, temporaryBeside } from "./temporary.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

export const DistanceJob = v.object({
  format: v.literal(1),
  /** SHA-256 over all that decides the bytes of the result. */
  id: v.string(),
  name: v.string(),
  tiling: v.object({
    method: v.picklist(["exact", "graph"]),
    rows: count,
    columns: count,
    landmarks: v.boolean(),
    side: count,
  }),
  neighbours: count,
  tolerance: v.number(),
  threads: count,
  device: v.string(),
  seed: v.number(),
});
export type DistanceJob = v.InferOutput<typeof DistanceJob>;

const JobFile = v.object({ ...DistanceJob.entries, store: v.string() });

/** SHA-256 of each chunk of a tile, by its place written `row,column`. */
export type Digests = Readonly<Record<string, string>>;

export interface DistanceStore {
  readonly folder: string;
  readonly job: DistanceJob;
  /** Of this very store: who reads the same under the same path sees the same disk. */
  readonly identity: string;
  /** Path of a file beside the array. */
  aside(name: string): string;
  /** Numbers of the tiles that are done. */
  done(): Promise<Set<number>>;
  /** The digests of a tile that is done, or null. */
  digests(tile: number): Promise<Digests | null>;
  writeTile(tile: number, chunks: readonly Chunk[]): Promise<void>;
  readChunk(place: Place): Promise<Uint8Array>;
  writeChunk(place: Place, bytes: Uint8Array): Promise<void>;
  /** Says that a tile is done, all of its chunks being there. */
  closeTile(tile: number, digests: Digests): Promise<void>;
  /** Removes a tile and its chunks. */
  dropTile(tile: number): Promise<void>;
  /** Reads every chunk again; tiles whose chunks are not what was written are no longer done. */
  verify(): Promise<{ readonly missing: number[]; readonly damaged: number[] }>;
  /** A block of rows of the matrix, [rows, columns], in the order of the file. */
  readRows(block: number): Promise<{ readonly rows: number; readonly data: Float32Array }>;
}

/** Makes a store; `fill` writes what lies beside the array into the given folder. */
export async function createStore(
  folder: string,
  job: DistanceJob,
  fill: (aside: string) => Promise<void>,
): Promise<DistanceStore> {
  const temporary = temporaryBeside(folder);
  const identity = randomUUID();
  try {
    await mkdir(join(temporary, "pullback", "tiles"), { recursive: true });
    await fill(join(temporary, "pullback"));
    const content: v.InferOutput<typeof JobFile> = { ...job, store: identity };
    await writeFile(
      join(temporary, "pullback", "job.json"),
      `${JSON.stringify(content, null, 2)}\n`,
    );
    const { rows, columns, side } = job.tiling;
    await zarr.create(zarr.root(fileStore(temporary)), {
      shape: [rows, columns],
      chunkShape: [side, side],
      dtype: "float32",
      codecs: [{ name: "bytes", configuration: { endian: "little" } }],
      fillValue: Number.NaN,
      attributes: { producer: "pullback", distances: job.name, method: job.tiling.method },
    });
    await mkdir(dirname(folder), { recursive: true });
    await rename(temporary, folder);
  } catch (error) {
    throw pathError("write", folder, error);
  } finally {
    forget(temporary);
  }
  return storeOf(folder, job, identity);
}

/** The store in a folder; null where there is nothing. Throws `InputError` where there is another thing. */
export async function openStore(folder: string): Promise<DistanceStore | null> {
  try {
    await stat(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw pathError("read", folder, error);
  }
  const file = join(folder, "pullback", "job.json");
  try {
    const parsed = v.safeParse(JobFile, JSON.parse(await readFile(file, "utf8")));
    if (parsed.success) {
      const { store, ...job } = parsed.output;
      return storeOf(folder, job, store);
    }
  } catch (error) {
    if (codeOf(error) && codeOf(error) !== "ENOENT") throw pathError("read", file, error);
  }
  throw new InputError(
    `${folder}: expected a store of distances with pullback/job.json in it, got another folder`,
  );
}

interface Marker {
  readonly id: string;
  readonly chunks: Digests;
}

export const digest = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

function storeOf(folder: string, job: DistanceJob, identity: string): DistanceStore {
  const { tiling } = job;
  const aside = (name: string): string => join(folder, "pullback", name);
  const chunkFile = (place: string): string => join(folder, "c", ...place.split(","));
  const marker = (tile: number): string => aside(join("tiles", `${tile}.json`));
  const writeChunk = (place: Place, bytes: Uint8Array): Promise<void> =>
    writeAside(chunkFile(`${place}`), bytes);
  const closeTile = (tile: number, chunks: Digests): Promise<void> => {
    const content: Marker = { id: job.id, chunks };
    return writeAside(marker(tile), new TextEncoder().encode(`${JSON.stringify(content)}\n`));
  };

  async function readMarker(tile: number): Promise<Marker | null> {
    try {
      const found = JSON.parse(await readFile(marker(tile), "utf8")) as Marker;
      return found.id === job.id && typeof found.chunks === "object" ? found : null;
    } catch (error) {
      if (error instanceof SyntaxError || codeOf(error) === "ENOENT") return null;
      throw pathError("read", marker(tile), error);
    }
  }

  return {
    folder,
    job,
    identity,
    aside,
    async done() {
      const found = new Set<number>();
      for (const entry of await readdir(aside("tiles"))) {
        const tile = Number(/^(\d+)\.json$/.exec(entry)?.[1] ?? Number.NaN);
        if (tile < tileCount(tiling) && (await readMarker(tile))) found.add(tile);
      }
      return found;
    },
    digests: async (tile) => (await readMarker(tile))?.chunks ?? null,
    async writeTile(tile, chunks) {
      const digests: Record<string, string> = {};
      for (const { place, data } of chunks) {
        const bytes = bytesOf(data);
        digests[`${place}`] = digest(bytes);
        await writeChunk(place, bytes);
      }
      await closeTile(tile, digests);
    },
    readChunk: (place) => readFile(chunkFile(`${place}`)),
    writeChunk,
    closeTile,
    async dropTile(tile) {
      await rm(marker(tile), { force: true });
      for (const place of filledPlaces(tiling, tile))
        await rm(chunkFile(`${place}`), { force: true });
    },
    async verify() {
      const [missing, damaged] = [[], []] as [number[], number[]];
      for (let tile = 0; tile < tileCount(tiling); tile++) {
        const found = await readMarker(tile);
        if (!found) missing.push(tile);
        else if (!(await isWhole(tile, found))) {
          damaged.push(tile);
          await rm(marker(tile), { force: true });
        }
      }
      return { missing, damaged };
    },
    async readRows(block) {
      const { rows, columns, side } = tiling;
      const height = Math.min(side, rows - block * side);
      const data = new Float32Array(height * columns);
      for (let column = 0; column * side < columns; column++) {
        const bytes = await readFile(chunkFile(`${block},${column}`));
        const chunk = new Float32Array(new Uint8Array(bytes).buffer);
        const width = Math.min(side, columns - column * side);
        for (let row = 0; row < height; row++)
          data.set(chunk.subarray(row * side, row * side + width), row * columns + column * side);
      }
      return { rows: height, data };
    },
  };

  async function isWhole(tile: number, found: Marker): Promise<boolean> {
    for (const place of filledPlaces(tiling, tile)) {
      let bytes: Uint8Array;
      try {
        bytes = await readFile(chunkFile(`${place}`));
      } catch (error) {
        if (codeOf(error) === "ENOENT") return false;
        throw pathError("read", chunkFile(`${place}`), error);
      }
      if (digest(bytes) !== found.chunks[`${place}`]) return false;
    }
    return true;
  }
}

/** Writes under another name and renames: two processes may write the same file with the same bytes. */
async function writeAside(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    throw pathError("write", path, error);
  } finally {
    forget(temporary);
  }
}

/** A folder as zarrita wants its stores. */
export function fileStore(folder: string): zarr.AsyncMutable {
  const at = (key: string): string => join(folder, ...key.split("/"));
  return {
    async get(key) {
      try {
        return new Uint8Array(await readFile(at(key)));
      } catch (error) {
        if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
        throw pathError("read", at(key), error);
      }
    },
    set: (key, bytes) => writeAside(at(key), bytes),
  };
}
