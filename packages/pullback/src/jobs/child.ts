/** @file One process that computes tiles of one store, one after another. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface TileProcess {
  /** Rejects where the tile fails, and where the process ends over it. */
  compute(tile: number): Promise<void>;
  /** It takes no more tiles. */
  readonly ended: boolean;
  stop(): void;
}

/** What a process says. */
export type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly reason: string };

/** Starts a process on a store; tiles wait until it is ready. */
export function tileProcess(folder: string): TileProcess {
  const entry = fileURLToPath(new URL("./process.js", import.meta.url));
  const child = fork(entry, [folder], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let end: Error | null = null;
  let settle: { resolve(): void; reject(error: Error): void } | null = null;
  const ready = new Promise<void>((resolve) => {
    child.once("message", () => resolve());
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
  child.on("message", (message: Message) => {
    if (message.kind === "done") settle?.resolve();
    if (message.kind === "failed") settle?.reject(new Error(message.reason));
  });
  const ended = (how: string): void => {
    end ??= new Error(`the process ended by ${how}`);
    settle?.reject(end);
  };
  child.on("error", ({ message }) => ended(message));
  // After the last message, which "exit" may overtake.
  child.on("close", (code, by) => ended(by ?? `status ${code}`));
  return {
    get ended() {
      return end !== null;
    },
    async compute(tile) {
      await ready;
      await new Promise<void>((resolve, reject) => {
        if (end) return reject(end);
        settle = { resolve, reject };
        child.send(tile, (error) => error && ended(error.message));
      }).finally(() => {
        settle = null;
      });
    },
    stop() {
      child.kill("SIGKILL");
    },
  };
}
