/** @file Distances over a queue on a real Redis: the same bytes as one process, whoever dies. */
import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random } from "pullback-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pullback } from "../pullback/cli/run.ts";

const bin = fileURLToPath(new URL("../../packages/pullback/bin/pullback.mjs", import.meta.url));
const fixture = fileURLToPath(new URL("../fixtures/clifford.onnx", import.meta.url));
const present = spawnSync("redis-server", ["--version"]).error === undefined;

const children: ChildProcess[] = [];
let folder: string;
let url: string;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
}

const startWorker = (): ChildProcess => start(process.execPath, [bin, "worker", "--queue", url]);

/** Resolves where the child says what is looked for. */
const says = (child: ChildProcess, what: RegExp): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = "";
    const hear = (part: Buffer): void => {
      said += part.toString();
      if (what.test(said)) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.on("exit", (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });

const common = ["distances", "clifford.onnx", "--latents", "z.csv", "--threads", "1"];

/** A coordinator, and what became of it. */
function send(out: string): Promise<{ readonly status: number | null; readonly said: string }> {
  const child = start(process.execPath, [bin, ...common, "--queue", url, "--out", out]);
  let said = "";
  child.stdout?.on("data", (part) => {
    said += part;
  });
  child.stderr?.on("data", (part) => {
    said += part;
  });
  return new Promise((resolve) => child.on("exit", (status) => resolve({ status, said })));
}

describe.skipIf(!present)("distances over a queue", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "pullback-queue-"));
    copyFileSync(fixture, join(folder, "clifford.onnx"));
    const draw = random(4, "codes");
    const rows = Array.from({ length: 100 }, () => `${2 * draw.uniform()},${2 * draw.uniform()}\n`);
    writeFileSync(join(folder, "z.csv"), rows.join(""));
    const port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    const redis = start("redis-server", [
      ...["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
      ...["--maxmemory-policy", "noeviction"],
    ]);
    await says(redis, /Ready to accept connections/);
    expect(pullback(folder, [...common, "--out", "one.npy", "--workers", "1"]).status).toBe(0);
  }, 120_000);
  afterAll(() => {
    for (const child of children) child.kill("SIGKILL");
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const bytes = (name: string): Buffer => readFileSync(join(folder, name));

  test("two workers, one of them killed in the middle: byte for byte what one process computes", async () => {
    const workers = [startWorker(), startWorker()] as const;
    await Promise.all(workers.map((worker) => says(worker, /waiting for tiles/)));
    const sent = send("two.npy");
    await new Promise((wait) => setTimeout(wait, 2500));
    workers[0].kill("SIGKILL");
    const { status, said } = await sent;
    expect([status, said]).toEqual([0, expect.stringContaining("100 x 100 distances, exact")]);
    expect(bytes("two.npy").equals(bytes("one.npy"))).toBe(true);
    workers[1].kill("SIGTERM");
    await new Promise((ended) => workers[1].on("exit", ended));
  }, 120_000);

  test("no Redis: one line that says how to have one", () => {
    const { status, stderr } = pullback(folder, [
      ...[...common, "--queue", "redis://127.0.0.1:9", "--out", "none.npy"],
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /redis:\/\/127\.0\.0\.1:9: expected a Redis that answers, got .*redis-server/,
    );
  });
});
