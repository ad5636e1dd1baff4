/**
 * @file Tiles over local processes. ONNX Runtime in several threads of one process is fragile, and a
 * process that dies takes one tile with it, which another computes again.
 */
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { InputError } from "pullback-core";

export interface PoolOptions {
  readonly folder: string;
  readonly tiles: readonly number[];
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly onTile: (tile: number) => void;
}

/** What a process says. */
export type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly tile: number }
  | { readonly kind: "failed"; readonly tile: number; readonly reason: string };

/** A tile is given up when it has cost this many processes. */
const attempts = 3;

/** Computes all tiles. Throws `InputError` naming a tile that fails, or that kills its processes. */
export function runPool({ folder, tiles, workers, signal, onTile }: PoolOptions): Promise<void> {
  const waiting = [...tiles].reverse();
  const lost = new Map<number, number>();
  const running = new Map<ChildProcess, number | null>();
  const ready = new Set<ChildProcess>();
  const entry = fileURLToPath(new URL("./process.js", import.meta.url));

  return new Promise((resolve, reject) => {
    let settled = false;
    const finish = (error?: unknown): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener("abort", interrupted);
      for (const child of running.keys()) child.kill("SIGKILL");
      if (error) reject(error);
      else resolve();
    };
    const interrupted = (): void => finish(signal.reason);
    const next = (child: ChildProcess): void => {
      const tile = waiting.pop();
      running.set(child, tile ?? null);
      if (tile !== undefined) child.send(tile);
      else if ([...running.values()].every((busy) => busy === null)) finish();
    };
    const start = (): void => {
      const child = fork(entry, [folder], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
      running.set(child, null);
      child.on("message", (message: Message) => {
        if (message.kind === "failed")
          return finish(new InputError(`tile ${message.tile}: ${message.reason}`));
        if (message.kind === "done") onTile(message.tile);
        ready.add(child);
        next(child);
      });
      child.on("error", finish);
      child.on("exit", (code, by) => {
        const tile = running.get(child) ?? null;
        running.delete(child);
        if (settled) return;
        const how = by ?? `status ${code}`;
        // One that has nothing left to do may go.
        if (tile === null && ready.has(child)) return;
        if (tile === null)
          return finish(new InputError(`a process for distances ended before its work: ${how}`));
        const times = (lost.get(tile) ?? 0) + 1;
        lost.set(tile, times);
        if (times >= attempts)
          return finish(
            new InputError(`tile ${tile}: ${times} processes died over it, the last by ${how}`),
          );
        waiting.push(tile);
        start();
      });
    };
    if (signal.aborted) return finish(signal.reason);
    signal.addEventListener("abort", interrupted);
    if (waiting.length === 0) return finish();
    for (let i = 0; i < Math.min(workers, tiles.length); i++) start();
  });
}
