/**
 * @file Takes tiles from the queue, one at a time. The process that holds the queue never computes, or it
 * could not renew its locks: tiles go to a process of their own. A worker that dies loses its lock, and
 * another takes the tile.
 */
import { WaitingError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { openStore } from "../../files/distance-store.ts";
import type { TileProcess } from "../child.ts";
import { tileProcess } from "../child.ts";
import { connect, patience as mostPatience, reachable, tooLongAway } from "./redis.ts";
import type { TileJob } from "./tile-job.ts";
import { attempts, queueName } from "./tile-job.ts";
import { copyOf } from "./upload.ts";

/** Milliseconds after which a lock that was not renewed is another worker's. */
const lockDuration = 10_000;
const stalledInterval = 2_000;
/** Milliseconds that a tile may take to go back into the queue when the worker ends. */
const farewell = 2_000;

export interface QueueWorkerOptions {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly onTile: (folder: string, tile: number) => void;
  readonly onFailed: (folder: string, tile: number, reason: string) => void;
  readonly note: (line: string) => void;
  /** Milliseconds that Redis may be gone, five minutes by default. */
  readonly patience?: number;
}

/** Works until it is interrupted. Throws `InputError` where Redis is not there, or stays away. */
export async function runWorker(options: QueueWorkerOptions): Promise<void> {
  const { url, signal, onTile, onFailed, note, patience = mostPatience } = options;
  await reachable(url);
  const connection = connect(url);
  const asking = connect(url);
  let place: Workplace | null = null;
  const at = async (job: TileJob): Promise<Workplace> => {
    if (place?.store === job.store) return place;
    place?.leave();
    place = null;
    place = await workplace(job, asking, note);
    return place;
  };
  const worker = new Worker<TileJob>(
    queueName,
    async (job, token) => {
      try {
        await (await at(job.data)).compute(job.data.tile);
      } catch (error) {
        if (!signal.aborted) throw error;
        // Interrupted: no fault of the tile's.
        await job.moveToWait(token);
        throw new WaitingError();
      }
      onTile(job.data.folder, job.data.tile);
    },
    { connection, concurrency: 1, lockDuration, stalledInterval, maxStalledCount: attempts },
  );
  worker.on("failed", (job, error) => {
    if (job) onFailed(job.data.folder, job.data.tile, error.message);
  });
  worker.on("error", () => {});
  const ended = new Promise<void>((stop) => {
    if (signal.aborted) stop();
    signal.addEventListener("abort", () => stop(), { once: true });
  });
  const onBack = (): void => note("Redis is back");
  try {
    await Promise.race([ended, tooLongAway(connection, { url, patience, onGone: note, onBack })]);
  } finally {
    (place as Workplace | null)?.leave();
    asking.disconnect();
    await Promise.race([worker.close(), new Promise((late) => setTimeout(late, farewell))]);
    connection.disconnect();
  }
}

/** Where the tiles of one store are computed. */
interface Workplace {
  readonly store: string;
  compute(tile: number): Promise<void>;
  leave(): void;
}

/** In the store itself where its folder is seen here, in a copy otherwise. */
async function workplace(
  { folder, store }: TileJob,
  asking: Redis,
  note: (line: string) => void,
): Promise<Workplace> {
  // Another thing under that path, or nothing to be read there, is not the store.
  const seen = await openStore(folder).catch(() => null);
  if (seen?.identity === store) {
    const { compute, stop } = processes(folder);
    return { store, compute, leave: stop };
  }
  note(`${folder}: not seen from here; its files and tiles go through Redis`);
  const copy = await copyOf(asking, store);
  const { compute, stop } = processes(copy.store.folder);
  return {
    store,
    async compute(tile) {
      // It may be there already: then it was the sending that failed.
      if (!(await copy.store.digests(tile))) await compute(tile);
      await copy.send(tile);
    },
    leave() {
      stop();
      copy.remove();
    },
  };
}

/** One process at a time on a store, another where it has died. */
function processes(folder: string): { compute(tile: number): Promise<void>; stop(): void } {
  let current: TileProcess | null = null;
  return {
    compute(tile) {
      if (!current || current.ended) current = tileProcess(folder);
      return current.compute(tile);
    },
    stop: () => current?.stop(),
  };
}
