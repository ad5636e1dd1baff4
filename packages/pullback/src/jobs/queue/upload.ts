/**
 * @file A job of distances on a machine that does not see its store: the worker's side fetches what the
 * job needs into a store of its own and sends tiles back; the coordinator's side answers.
 *
 * What arrives is compared with its digest before it is used, and written aside and renamed.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Redis } from "ioredis";
import { filledPlaces, InputError } from "pullback-core";
import * as v from "valibot";
import type { DistanceStore } from "../../files/distance-store.ts";
import { createStore, DistanceJob, digest } from "../../files/distance-store.ts";
import { forget, temporaryBeside } from "../../files/temporary.ts";
import { graphFiles } from "../distances.ts";
import type { Message } from "./exchange.ts";
import { ask, mostBytes } from "./exchange.ts";

/** All that a process may ask for; a name that is not here is refused. */
const files = ["decoder.onnx", "codes.npy", "landmarks.npy", ...graphFiles];

const size = v.pipe(v.number(), v.integer(), v.minValue(0));
const places = v.array(v.object({ place: v.tuple([size, size]), digest: v.string() }));

const Question = v.variant("kind", [
  v.object({ kind: v.literal("job") }),
  v.object({ kind: v.literal("read"), file: v.picklist(files), offset: size }),
  /** Chunks of a tile, one after another in the body. */
  v.object({ kind: v.literal("chunks"), tile: size, places }),
  v.object({ kind: v.literal("close"), tile: size, digests: v.record(v.string(), v.string()) }),
]);
type Question = v.InferOutput<typeof Question>;

const Contents = v.object({
  job: DistanceJob,
  files: v.array(v.object({ file: v.picklist(files), bytes: size, digest: v.string() })),
});

const nothing = new Uint8Array(0);

/**
 * Answers workers that do not see the store. `onBroken` hears what goes wrong with the store itself, such
 * as a full disk: that is no fault of the worker's, and no other would fare better.
 */
export function answering(
  store: DistanceStore,
  onBroken: (error: unknown) => void,
): (question: Message) => Promise<Message> {
  const { job } = store;
  const written = (writing: Promise<void>): Promise<void> =>
    writing.catch((error) => {
      onBroken(error);
      throw error;
    });
  const answers = {
    job: async () => ({ head: await contents(store), body: nothing }),
    read: async ({ file, offset }: Extract<Question, { kind: "read" }>) => ({
      head: null,
      body: await piece(store.aside(file), offset),
    }),
    chunks: async (
      { tile, places }: Extract<Question, { kind: "chunks" }>,
      body: Uint8Array,
    ): Promise<Message> => {
      const filled = new Set(filledPlaces(job.tiling, tile).map(String));
      const bytes = job.tiling.side ** 2 * 4;
      if (body.length !== bytes * places.length)
        throw new InputError(`tile ${tile}: expected ${bytes} bytes a chunk, got others`);
      for (const [i, { place, digest: expected }] of places.entries()) {
        const chunk = body.subarray(i * bytes, (i + 1) * bytes);
        if (!filled.has(`${place}`) || digest(chunk) !== expected)
          throw new InputError(`tile ${tile}: chunk ${place} is not what was sent`);
        await written(store.writeChunk(place, chunk));
      }
      return { head: null, body: nothing };
    },
    close: async ({ tile, digests }: Extract<Question, { kind: "close" }>) => {
      const filled = filledPlaces(job.tiling, tile).map(String);
      if (filled.some((place) => !digests[place]) || filled.length !== Object.keys(digests).length)
        throw new InputError(`tile ${tile}: expected a digest for each chunk`);
      await written(store.closeTile(tile, digests));
      return { head: null, body: nothing };
    },
  };
  return async ({ head, body }) => {
    const question = v.parse(Question, head);
    if (question.kind === "job") return answers.job();
    if (question.kind === "read") return answers.read(question);
    return question.kind === "chunks" ? answers.chunks(question, body) : answers.close(question);
  };
}

async function contents(store: DistanceStore): Promise<v.InferOutput<typeof Contents>> {
  const present = files.filter((file) => existsSync(store.aside(file)));
  const described = present.map(async (file) => {
    const bytes = await readFile(store.aside(file));
    return { file, bytes: bytes.length, digest: digest(bytes) };
  });
  return { job: store.job, files: await Promise.all(described) };
}

async function piece(path: string, offset: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

export interface Copy {
  readonly store: DistanceStore;
  /** Sends a tile that the copy has, and forgets it here. */
  send(tile: number): Promise<void>;
  remove(): void;
}

/** A store of one's own for a job, with all that it needs. Throws `InputError` where nobody answers. */
export async function copyOf(redis: Redis, address: string): Promise<Copy> {
  const to = (question: Question, body?: Uint8Array): Promise<Message> =>
    ask(redis, address, question, body);
  const { job, files: wanted } = v.parse(Contents, (await to({ kind: "job" })).head);
  const folder = temporaryBeside(join(tmpdir(), `pullback-${job.id.slice(0, 12)}.zarr`));
  const store = await createStore(folder, job, async (aside) => {
    for (const { file, bytes, digest: expected } of wanted) {
      const path = join(aside, file);
      await mkdir(dirname(path), { recursive: true });
      if ((await fetchFile(path, file, bytes, to)) !== expected)
        throw new InputError(`${file}: what came is not what was sent`);
    }
  });
  return {
    store,
    async send(tile) {
      const digests = await store.digests(tile);
      if (!digests) throw new InputError(`tile ${tile}: expected it to be computed`);
      const all = filledPlaces(job.tiling, tile);
      const together = Math.max(1, Math.floor(mostBytes / (job.tiling.side ** 2 * 4)));
      for (let first = 0; first < all.length; first += together) {
        const some = all.slice(first, first + together);
        const bodies = await Promise.all(some.map((place) => store.readChunk(place)));
        const places = some.map((place) => ({
          place: place as [number, number],
          digest: digests[`${place}`] as string,
        }));
        await to({ kind: "chunks", tile, places }, Buffer.concat(bodies));
      }
      await to({ kind: "close", tile, digests });
      await store.dropTile(tile);
    },
    remove: () => forget(folder),
  };
}

/** Writes a file piece by piece, and answers its digest. */
async function fetchFile(
  path: string,
  file: string,
  bytes: number,
  to: (question: Question) => Promise<Message>,
): Promise<string> {
  const hash = createHash("sha256");
  await writeFile(path, nothing);
  const target = await open(path, "a");
  try {
    for (let offset = 0; offset < bytes; ) {
      const { body } = await to({ kind: "read", file, offset });
      if (body.length === 0)
        throw new InputError(`${file}: expected ${bytes} bytes, got ${offset}`);
      hash.update(body);
      await target.write(body);
      offset += body.length;
    }
  } finally {
    await target.close();
  }
  return hash.digest("hex");
}
