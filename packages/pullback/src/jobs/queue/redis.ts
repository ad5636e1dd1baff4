/** @file Connections to Redis that wait for one that is gone for a while, and say so where it stays away. */
import { Redis } from "ioredis";
import { InputError } from "pullback-core";
import { duration } from "../estimate.ts";

/** Milliseconds that a Redis may be gone. */
export const patience = 300_000;

/** A connection of its own; BullMQ wants it to try again without end. */
export function connect(url: string): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    connectionName: "pullback",
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(100 * times, 2_000),
  });
  // That it is gone is told by "close"; without a listener the reason would be printed each time.
  redis.on("error", () => {});
  return redis;
}

/** Throws `InputError` where there is no Redis. */
export async function reachable(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  let reason = "nothing";
  redis.on("error", ({ message }) => {
    reason = message || reason;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    if ((error as Error).message !== "Connection is closed.") reason = (error as Error).message;
    throw new InputError(
      `${hidden(url)}: expected a Redis that answers, got ${reason}; start one with redis-server --maxmemory-policy noeviction`,
    );
  } finally {
    redis.disconnect();
  }
}

export interface Absence {
  readonly url: string;
  /** Milliseconds after which it is given up. */
  readonly patience: number;
  readonly onGone: (line: string) => void;
  readonly onBack: () => void;
}

/** Rejects with `InputError` when a connection has been away for too long; never resolves. */
export function tooLongAway(
  redis: Redis,
  { url, patience, onGone, onBack }: Absence,
): Promise<never> {
  let timer: NodeJS.Timeout | undefined;
  return new Promise((_, reject) => {
    redis.on("close", () => {
      if (timer) return;
      const most = duration(patience / 1000);
      onGone(`${hidden(url)}: Redis is gone; waiting for it, up to ${most}`);
      timer = setTimeout(() => {
        reject(new InputError(`${hidden(url)}: Redis has been gone for ${most}`));
      }, patience);
    });
    redis.on("ready", () => {
      if (!timer) return;
      clearTimeout(timer);
      timer = undefined;
      onBack();
    });
    redis.on("end", () => clearTimeout(timer));
  });
}

/** An address without its password, for messages. */
export function hidden(url: string): string {
  return url.replace(/\/\/([^@/]*)@/, "//");
}
