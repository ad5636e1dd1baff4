/**
 * @file Tiles over a queue on Redis, for machines that share the folder of the store.
 *
 * A job of the queue is a reference: the store's folder and a tile's number, under an id made of the
 * content, so that sending the same work again does nothing. The process that holds the queue never
 * computes, or it could not renew its locks: tiles go to a process of their own. A worker that dies
 * loses its lock, and another takes the tile.
 */
import { resolve } from "node:path";
import { Queue, QueueEvents, Worker } from "bullmq";
import { Redis } from "ioredis";
import { InputError } from "pullback-core";
import type { DistanceStore } from "../files/distance-store.ts";
import type { TileProcess } from "./child.ts";
import { tileProcess } from "./child.ts";

/** What a job says; everything else lies in the store. */
interface TileJob {
  readonly folder: string;
  readonly tile: number;
}

const name = "pullback-distances";
/** A tile is given up when it has failed, or cost its process, this many times. */
const attempts = 3;
/** Milliseconds after which a lock that was not renewed is another worker's. */
const lockDuration = 10_000;
const stalledInterval = 2_000;
/** Milliseconds between looks at the store, for events that were missed. */
const lookEvery = 5_000;

/** A connection of its own; BullMQ wants it to wait for a Redis that is gone for a while. */
function connect(url: string): Redis {
  return new Redis(url, { maxRetriesPerRequest: null, connectionName: "pullback" });
}

/** Throws `InputError` where there is no Redis. */
async function reachable(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on("error", () => {});
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw new InputError(
      `${url}: expected a Redis that answers, got ${(error as Error).message || "nothing"}; start one with redis-server --maxmemory-policy noeviction`,
    );
  } finally {
    redis.disconnect();
  }
}

export interface QueueOptions {
  readonly url: string;
  readonly store: DistanceStore;
  readonly tiles: readonly number[];
  readonly signal: AbortSignal;
  readonly onTile: (tile: number) => void;
}

/**
 * Sends tiles to workers and waits until all are in the store. Throws `InputError` naming a tile that
 * failed three times. Interrupted, what was sent stays: workers go on, and `--resume` finds it.
 */
export async function runQueue({ url, store, tiles, signal, onTile }: QueueOptions): Promise<void> {
  await reachable(url);
  const folder = resolve(store.folder);
  const idOf = (tile: number): string => `${store.job.id}-${tile}`;
  const connections = [connect(url), connect(url)] as const;
  const queue = new Queue<TileJob>(name, { connection: connections[0] });
  const events = new QueueEvents(name, { connection: connections[1] });
  const open = new Map(tiles.map((tile) => [idOf(tile), tile]));
  let look: NodeJS.Timeout | undefined;
  try {
    await events.waitUntilReady();
    signal.throwIfAborted();
    const all = new Promise<void>((done, reject) => {
      const close = (id: string): void => {
        const tile = open.get(id);
        if (tile !== undefined && open.delete(id)) onTile(tile);
        if (open.size === 0) done();
      };
      events.on("completed", ({ jobId }) => close(jobId));
      events.on("failed", ({ jobId, failedReason }) => {
        const tile = open.get(jobId);
        if (tile !== undefined) reject(new InputError(`tile ${tile}: ${failedReason}`));
      });
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      // What is in the store is done, also where its event was missed.
      look = setInterval(async () => {
        for (const tile of await store.done().catch(() => [])) close(idOf(tile));
      }, lookEvery);
    });
    all.catch(() => {});
    // One that failed in an earlier run is tried afresh.
    for (const tile of tiles) await forgetFailed(queue, idOf(tile));
    await queue.addBulk(
      tiles.map((tile) => ({
        name: "tile",
        data: { folder, tile },
        opts: { jobId: idOf(tile), attempts, removeOnComplete: true },
      })),
    );
    await all;
  } finally {
    clearInterval(look);
    open.clear();
    await Promise.all([queue.close(), events.close()]);
    for (const connection of connections) connection.disconnect();
  }
}

async function forgetFailed(queue: Queue<TileJob>, id: string): Promise<void> {
  const job = await queue.getJob(id);
  if (job && (await job.isFailed())) await job.remove();
}

export interface QueueWorkerOptions {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly onTile: (folder: string, tile: number) => void;
  readonly onFailed: (folder: string, tile: number, reason: string) => void;
}

/** Takes tiles from the queue, one at a time, until it is interrupted. */
export async function runWorker({
  url,
  signal,
  onTile,
  onFailed,
}: QueueWorkerOptions): Promise<void> {
  await reachable(url);
  let current: { readonly folder: string; readonly process: TileProcess } | null = null;
  const processFor = (folder: string): TileProcess => {
    if (current?.folder === folder && !current.process.ended) return current.process;
    current?.process.stop();
    current = { folder, process: tileProcess(folder) };
    return current.process;
  };
  const connection = connect(url);
  const worker = new Worker<TileJob>(
    name,
    async ({ data: { folder, tile } }) => {
      await processFor(folder).compute(tile);
      onTile(folder, tile);
    },
    { connection, concurrency: 1, lockDuration, stalledInterval, maxStalledCount: attempts },
  );
  worker.on("failed", (job, error) => {
    if (job) onFailed(job.data.folder, job.data.tile, error.message);
  });
  // Redis gone for a while: the connection waits and tries again.
  worker.on("error", () => {});
  await new Promise<void>((stopped) => {
    if (signal.aborted) stopped();
    signal.addEventListener("abort", () => stopped(), { once: true });
  });
  (current as { process: TileProcess } | null)?.process.stop();
  await worker.close(true);
  connection.disconnect();
}
