/** @file One process that computes tiles of one store, one after another. */
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Message } from "./pool.ts";

export interface TileProcess {
  /** Rejects where the tile fails, and where the process dies over it. */
  compute(tile: number): Promise<void>;
  readonly alive: boolean;
  stop(): void;
}

/** Starts a process on a store; tiles wait until it is ready. */
export function tileProcess(folder: string): TileProcess {
  const entry = fileURLToPath(new URL("./process.js", import.meta.url));
  const child: ChildProcess = fork(entry, [folder], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let alive = true;
  let settle: { resolve(): void; reject(error: Error): void } | null = null;
  const ready = new Promise<void>((resolve) => {
    child.once("message", () => resolve());
    child.once("exit", () => resolve());
  });
  child.on("message", (message: Message) => {
    if (message.kind === "done") settle?.resolve();
    if (message.kind === "failed") settle?.reject(new Error(message.reason));
  });
  child.on("exit", (code, by) => {
    alive = false;
    settle?.reject(new Error(`the process ended by ${by ?? `status ${code}`}`));
  });
  return {
    get alive() {
      return alive;
    },
    async compute(tile) {
      await ready;
      if (!alive) throw new Error("the process ended before it was ready");
      await new Promise<void>((resolve, reject) => {
        settle = { resolve, reject };
        child.send(tile);
      }).finally(() => {
        settle = null;
      });
    },
    stop() {
      child.kill("SIGKILL");
    },
  };
}
