/** @file What a job of distances will cost, from a few of its searches or geodesics. */
import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Tiling } from "pullback-core";
import { InputError, random, shortestPathsOn, tileCount, tilePlaces } from "pullback-core";
import { pathError } from "../files/reason.ts";
import type { Worker } from "./distances.ts";

export interface Estimate {
  readonly seconds: number;
  /** Of one process, beyond the engine's own. */
  readonly megabytes: number;
  readonly diskMegabytes: number;
}

/** Pairs whose geodesics are timed. */
const timed = 16;

/** Measures a few, and scales to `tiles` on `workers` processes. */
export async function estimate(
  worker: Worker,
  tiling: Tiling,
  tiles: readonly number[],
  workers: number,
): Promise<Estimate> {
  const { method, rows, columns, side, landmarks } = tiling;
  const share = tiles.length / tileCount(tiling) / Math.max(1, Math.min(workers, tiles.length));
  const disk = (Math.ceil(rows / side) * Math.ceil(columns / side) * side * side * 4) / 1e6;
  const draw = random(1, "distances", "estimate");
  if (method === "graph") {
    const { graph } = worker;
    const search = shortestPathsOn(graph);
    const sources = landmarks ? columns : rows;
    const count = Math.min(sources, 5);
    const begin = performance.now();
    for (let i = 0; i < count; i++) search(draw.integer(graph.codes));
    const seconds = ((performance.now() - begin) / 1000 / count) * sources * share;
    const places = tilePlaces(tiling, 0).length;
    const megabytes =
      (graph.target.length * 12 + graph.vertices * 20 + places * side * side * 8) / 1e6;
    return { seconds, megabytes, diskMegabytes: disk };
  }
  const pairs = Array.from({ length: 2 * timed }, (): [number, number] => [
    draw.integer(rows),
    draw.integer(columns),
  ]);
  // As many before, so that the time is none of compiling.
  await worker.exact(pairs.slice(0, timed));
  const begin = performance.now();
  await worker.exact(pairs.slice(timed));
  const one = (performance.now() - begin) / 1000 / timed;
  const count = landmarks ? rows * columns : (rows * (rows - 1)) / 2;
  return { seconds: one * count * share, megabytes: 300, diskMegabytes: disk };
}

/** Throws `InputError` where the disk has less room than the matrix needs. */
export async function checkRoom(path: string, megabytes: number): Promise<void> {
  let folder = dirname(resolve(path));
  for (;;)
    try {
      const { bavail, bsize } = await statfs(folder);
      const free = (bavail * bsize) / 1e6;
      if (free > megabytes) return;
      throw new InputError(
        `${path}: expected ${Math.ceil(megabytes)} MB of room on the disk, got ${Math.floor(free)}`,
      );
    } catch (error) {
      if (error instanceof InputError || dirname(folder) === folder)
        throw pathError("write", path, error);
      folder = dirname(folder);
    }
}

/** `40 s`, `3 min`, `2.5 h`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
