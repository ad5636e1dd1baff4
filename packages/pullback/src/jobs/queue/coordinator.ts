/**
 * @file Sends tiles to workers through a queue on Redis, and waits until all are in the store.
 *
 * A job of the queue is a reference under an id made of the content and the store, so that sending the
 * same work again does nothing. What is in the store is what counts, not what the queue says: events may be
 * missed, Redis may go and come back empty, and what is still open is then sent again.
 */
import { resolve } from "node:path";
import { Queue, QueueEvents } from "bullmq";
import { InputError } from "pullback-core";
import type { DistanceStore } from "../../files/distance-store.ts";
import { announce, answerAll, withdraw } from "./exchange.ts";
import { connect, patience as mostPatience, reachable, tooLongAway } from "./redis.ts";
import type { TileJob } from "./tile-job.ts";
import { attempts, queueName } from "./tile-job.ts";
import { answering } from "./upload.ts";

/** Milliseconds between looks at the store, for events that were missed. */
const lookEvery = 5_000;
/** Looks until a tile that is said to be done is believed to be elsewhere: disks in a network are slow. */
const looks = 12;

/** Seconds that the queue remembers a tile that failed. */
const removeOnFail = { age: 7 * 86_400 };

const idIn = ({ job, identity }: DistanceStore, tile: number): string =>
  `${job.id}-${identity}-${tile}`;

export interface QueueOptions {
  readonly url: string;
  readonly store: DistanceStore;
  readonly tiles: readonly number[];
  readonly signal: AbortSignal;
  readonly onTile: (tile: number) => void;
  readonly note: (line: string) => void;
  /** Milliseconds that Redis may be gone, five minutes by default. */
  readonly patience?: number;
}

/**
 * Resolves when all tiles are in the store. Throws `InputError` naming a tile that failed three times, and
 * where Redis stays away; what is done is kept. Interrupted, what was sent stays: workers that see the
 * store go on, and `--resume` finds it.
 */
export async function runQueue(options: QueueOptions): Promise<void> {
  const { url, store, signal, onTile, note, patience = mostPatience } = options;
  await reachable(url);
  signal.throwIfAborted();
  const connections = [connect(url), connect(url), connect(url)] as const;
  const [sending, hearing, serving] = connections;
  const queue = new Queue<TileJob>(queueName, { connection: sending });
  const events = new QueueEvents(queueName, { connection: hearing });
  // What goes wrong with a connection is told by its absence.
  queue.on("error", () => {});
  events.on("error", () => {});
  const open = new Map(options.tiles.map((tile) => [idIn(store, tile), tile]));
  const over = new AbortController();
  try {
    await new Promise<void>((done, reject) => {
      const { close, look, lookNowAndThen } = watch(store, open, (tile) => {
        onTile(tile);
        if (open.size === 0) done();
      });
      const sendOpen = async (): Promise<void> => {
        await announce(sending, store.identity);
        await look();
        await send(queue, store, [...open.values()]);
      };
      const timer = setInterval(() => {
        announce(sending, store.identity).catch(reject);
        lookNowAndThen().catch(reject);
      }, lookEvery);
      over.signal.addEventListener("abort", () => clearInterval(timer));
      signal.addEventListener("abort", () => reject(signal.reason), { signal: over.signal });
      events.on("completed", ({ jobId }) => close(jobId, true).catch(reject));
      events.on("failed", ({ jobId, failedReason }) => {
        const tile = open.get(jobId);
        if (tile !== undefined) reject(new InputError(`tile ${tile}: ${failedReason}`));
      });
      const onBack = (): void => {
        note("Redis is back");
        sendOpen().catch(reject);
      };
      tooLongAway(sending, { url, patience, onGone: note, onBack }).catch(({ message }: Error) =>
        reject(new InputError(`${message}; what is done is kept, --resume goes on with it`)),
      );
      answerAll(serving, store.identity, answering(store, reject)).catch((error) => {
        if (!over.signal.aborted) reject(error);
      });
      events.waitUntilReady().then(sendOpen).catch(reject);
    });
  } finally {
    over.abort();
    // With Redis away it would wait.
    if (sending.status === "ready") await withdraw(sending, store.identity).catch(() => {});
    for (const connection of connections) connection.disconnect();
    // Not waited for: with Redis away they never end.
    for (const user of [queue, events]) user.close().catch(() => {});
  }
}

interface Watch {
  /** Closes a tile where the store has it; `said` where somebody says that it is done. */
  close(id: string, said?: boolean): Promise<void>;
  look(): Promise<void>;
  /** Looks where nothing was heard since the last time. Throws where a tile is done, but not here. */
  lookNowAndThen(): Promise<void>;
}

/** Takes tiles out of `open` as they come into the store. */
function watch(
  store: DistanceStore,
  open: Map<string, number>,
  onTile: (tile: number) => void,
): Watch {
  /** Said to be done, but not in the store, with the looks that were in vain. */
  const unseen = new Map<string, number>();
  let quiet = false;
  const close: Watch["close"] = async (id, said = false) => {
    const tile = open.get(id);
    if (tile === undefined) return;
    if (await store.digests(tile)) {
      if (open.delete(id)) onTile(tile);
      unseen.delete(id);
      quiet = false;
    } else if (said) unseen.set(id, unseen.get(id) ?? 0);
  };
  const look = async (): Promise<void> => {
    for (const id of [...open.keys()]) await close(id);
  };
  return {
    close,
    look,
    async lookNowAndThen() {
      if (quiet || unseen.size > 0) await look();
      quiet = true;
      for (const [id, times] of unseen) {
        if (times === looks)
          throw new InputError(
            `tile ${open.get(id)}: a worker has done it, but it is not in ${store.folder}: that worker has a copy of this folder under the same path`,
          );
        unseen.set(id, times + 1);
      }
    },
  };
}

/** Sends tiles; those that failed in an earlier run afresh, those that are on their way not again. */
async function send(
  queue: Queue<TileJob>,
  store: DistanceStore,
  tiles: readonly number[],
): Promise<void> {
  const wanted = new Set(tiles.map((tile) => idIn(store, tile)));
  for (const failed of await queue.getFailed())
    if (wanted.has(failed?.id ?? "")) await failed.remove();
  await queue.addBulk(
    tiles.map((tile) => ({
      name: "tile",
      data: { folder: resolve(store.folder), store: store.identity, tile },
      opts: { jobId: idIn(store, tile), attempts, removeOnComplete: true, removeOnFail },
    })),
  );
}
