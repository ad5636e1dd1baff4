/**
 * @file Tiles over local processes. ONNX Runtime in several threads of one process is fragile, and a
 * process that dies takes one tile with it, which another computes again.
 */
import { InputError } from "pullback-core";
import type { TileProcess } from "./child.ts";
import { tileProcess } from "./child.ts";

export interface PoolOptions {
  readonly folder: string;
  readonly tiles: readonly number[];
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly onTile: (tile: number) => void;
}

/** A tile is given up when it has cost this many processes. */
const attempts = 3;

/** Computes all tiles. Throws `InputError` naming a tile that fails, or that kills its processes. */
export async function runPool(options: PoolOptions): Promise<void> {
  const { folder, workers, onTile } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  signal.throwIfAborted();
  const waiting = [...options.tiles].reverse();
  const running = new Set<TileProcess>();
  const stop = (): void => {
    for (const child of running) child.stop();
  };
  const start = (): TileProcess => {
    const child = tileProcess(folder);
    running.add(child);
    return child;
  };
  /** Computes one tile, and answers the process that lives after it. */
  const compute = async (first: TileProcess, tile: number): Promise<TileProcess> => {
    let child = first;
    for (let lost = 1; ; lost++)
      try {
        await child.compute(tile);
        return child;
      } catch (error) {
        signal.throwIfAborted();
        const { message } = error as Error;
        if (!child.ended) throw new InputError(`tile ${tile}: ${message}`);
        running.delete(child);
        if (lost === attempts)
          throw new InputError(`tile ${tile}: ${lost} processes died over it: ${message}`);
        child = start();
      }
  };
  const work = async (): Promise<void> => {
    let child = start();
    for (let tile = waiting.pop(); tile !== undefined; tile = waiting.pop()) {
      child = await compute(child, tile);
      onTile(tile);
    }
  };
  signal.addEventListener("abort", stop);
  try {
    await Promise.all(Array.from({ length: Math.min(workers, waiting.length) }, work));
  } finally {
    over.abort();
  }
}
