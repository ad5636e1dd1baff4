/** @file Runs the real command line in a process of its own, as a user does. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../../packages/pullback/bin/pullback.mjs", import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm test` builds before it tests, so the binary runs what the sources say. */
export function pullback(
  folder: string,
  args: readonly string[],
  options: { readonly debug?: string; readonly uid?: number } = {},
): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, DEBUG: options.debug ?? "" },
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  return { status, stdout, stderr };
}

/** For root nothing is forbidden: the user to be instead, so that permissions mean something. */
export const commoner = process.getuid?.() === 0 ? 65534 : undefined;

/** Whether that user can run the program at all; not so in a clone below root's own folder. */
export const commonerCanRun =
  process.platform !== "win32" && pullback("/", ["--version"], { uid: commoner }).status === 0;
