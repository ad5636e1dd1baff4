/** @file The command line run as users do, with its time and the memory of all its processes. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Outcome {
  readonly seconds: number;
  /** Sum over its processes of the most that each held at once, in MB; Linux only. */
  readonly megabytes: number;
  /** What `--json` printed. */
  readonly json: Readonly<Record<string, unknown>>;
}

const bin = join("packages", "pullback", "bin", "pullback.mjs");
/** Milliseconds between looks at the memory. */
const every = 200;

/** Runs `pullback ARGS --json` to its end. Throws where it fails, with what it said. */
export async function program(args: readonly string[]): Promise<Outcome> {
  const begin = performance.now();
  const child = spawn(process.execPath, [bin, ...args, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, said] = ["", ""];
  child.stdout.on("data", (part) => {
    out += part;
  });
  child.stderr.on("data", (part) => {
    said += part;
  });
  const peaks = new Map<number, number>();
  const timer = setInterval(() => look(child.pid as number, peaks), every);
  const status = await new Promise((ended) => child.on("close", ended));
  clearInterval(timer);
  if (status !== 0) throw new Error(`pullback ${args.join(" ")}: ${said}`);
  return {
    seconds: (performance.now() - begin) / 1000,
    megabytes: [...peaks.values()].reduce((sum, peak) => sum + peak, 0),
    json: JSON.parse(out),
  };
}

/** `pullback worker`s that are ready. */
export async function startWorkers(url: string, count: number): Promise<ChildProcess[]> {
  const workers = Array.from({ length: count }, () =>
    spawn(process.execPath, [bin, "worker", "--queue", url], {
      stdio: ["ignore", "ignore", "pipe"],
    }),
  );
  for (const { stderr } of workers) await new Promise((ready) => stderr.once("data", ready));
  return workers;
}

/** Ends a process and waits until it has. */
export async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await ended;
}

/** Calls with a folder that is gone afterwards. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "pullback-bench-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function look(pid: number, peaks: Map<number, number>): void {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
    peaks.set(pid, Math.max(peaks.get(pid) ?? 0, kilobytes / 1000));
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    for (const child of children.split(" ").filter(Boolean)) look(Number(child), peaks);
  } catch {
    // It has just ended, or this is not Linux.
  }
}
