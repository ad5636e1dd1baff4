/**
 * @file Several command lines of this program at once, each in a process of its own.
 *
 * ONNX Runtime uses the cores well in its matrix products and not between them: two processes of one
 * thread each get more done than one of two threads. What a process says to people goes to standard
 * error as lines; its report comes back.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { InputError } from "pullback-core";

export interface SideBySide {
  /** Processes at once, and threads of each. */
  readonly workers: number;
  readonly threads: number;
}

/** Two processes where there are cores for them, because a model's programs hold gigabytes. */
export function cores(
  workers: number | undefined,
  threads: number | undefined,
  jobs: number,
): SideBySide {
  const all = availableParallelism();
  const side = Math.min(
    jobs,
    workers ?? Math.max(1, Math.min(2, Math.floor(all / (threads ?? 1)))),
  );
  return { workers: side, threads: threads ?? Math.max(1, Math.floor(all / side)) };
}

/**
 * Runs each command line with `--json` and answers the objects they print, in their order; they begin
 * in that order too. The first that fails stops the others: `InputError`, its reason said before.
 */
export async function sideBySide(
  lines: readonly (readonly string[])[],
  workers: number,
  signal: AbortSignal,
): Promise<unknown[]> {
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const reports: unknown[] = [];
  const waiting = lines.keys();
  const work = async (): Promise<void> => {
    for (const line of waiting) reports[line] = await report(lines[line] as string[], stop);
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    over.abort();
  }
  return reports;
}

const program = fileURLToPath(new URL("../../bin/pullback.mjs", import.meta.url));

async function report(line: readonly string[], signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  // In a group of its own: Ctrl-C comes through us, once.
  const child = spawn(process.execPath, [program, ...line, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const stop = (): void => {
    child.kill("SIGTERM");
  };
  signal.addEventListener("abort", stop);
  child.stderr.on("data", (text: Buffer) => process.stderr.write(text));
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject).once("close", resolve);
    });
    signal.throwIfAborted();
    if (status !== 0)
      throw new InputError(`${line.slice(0, 2).join(" ")} failed with status ${status}; see above`);
    return JSON.parse(printed);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
