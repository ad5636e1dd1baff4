/** @file A real Redis with workers and coordinators, each in a process of its own, in a folder of their own. */
import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random } from "pullback-core";
import { pullback } from "../pullback/cli/run.ts";

const bin = fileURLToPath(new URL("../../packages/pullback/bin/pullback.mjs", import.meta.url));
const fixture = fileURLToPath(new URL("../fixtures/clifford.onnx", import.meta.url));

export const present = spawnSync("redis-server", ["--version"]).error === undefined;

/** 48 codes on a torus, exact: 6 tiles. */
const common = ["distances", "clifford.onnx", "--latents", "z.csv", "--threads", "1"];

export interface Running {
  readonly child: ChildProcess;
  /** All that it has said so far. */
  said(): string;
  /** Resolves where it says what is looked for. */
  says(what: RegExp): Promise<void>;
  /** Exit status. */
  readonly ended: Promise<number | null>;
}

export interface Fleet {
  readonly folder: string;
  readonly url: string;
  path(...names: string[]): string;
  bytes(name: string): Buffer;
  startRedis(): Promise<Running>;
  startWorker(): Promise<Running>;
  /** `pullback distances`, to its end. */
  distances(...args: string[]): ReturnType<typeof pullback>;
  /** `pullback distances` through the queue. */
  send(...args: string[]): Running;
  end(): void;
}

export async function fleet(): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), "pullback-queue-"));
  copyFileSync(fixture, join(folder, "clifford.onnx"));
  const draw = random(4, "codes");
  const rows = Array.from({ length: 48 }, () => `${2 * draw.uniform()},${2 * draw.uniform()}\n`);
  writeFileSync(join(folder, "z.csv"), rows.join(""));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const children: ChildProcess[] = [];
  const start = (command: string, args: readonly string[]): Running => {
    const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    return running(child);
  };
  const path = (...names: string[]): string => join(folder, ...names);
  return {
    folder,
    url,
    path,
    bytes: (name) => readFileSync(path(name)),
    async startRedis() {
      const redis = start("redis-server", [
        ...["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        ...["--maxmemory-policy", "noeviction"],
      ]);
      await redis.says(/Ready to accept connections/);
      return redis;
    },
    async startWorker() {
      const worker = start(process.execPath, [bin, "worker", "--queue", url]);
      await worker.says(/waiting for tiles/);
      return worker;
    },
    distances: (...args) => pullback(folder, [...common, ...args]),
    send: (...args) => start(process.execPath, [bin, ...common, "--queue", url, ...args]),
    end() {
      for (const child of children) child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function running(child: ChildProcess): Running {
  let said = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (part: Buffer) => {
      said += part.toString();
      for (const listen of listeners) listen();
    });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return {
    child,
    ended,
    said: () => said,
    says: (what) =>
      new Promise((resolve, reject) => {
        const listen = (): void => {
          if (!what.test(said)) return;
          listeners.delete(listen);
          resolve();
        };
        listeners.add(listen);
        listen();
        ended.then((status) => reject(new Error(`ended with ${status}: ${said}`)));
      }),
  };
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Resolves when it holds, looking now and then. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((wait) => setTimeout(wait, 20));
}
