/**
 * @file The real command line, one after another in a process that stays: for command lines that end before any
 * work, which would take a second each to start.
 */
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./run.ts";

const script = fileURLToPath(new URL("./session.mjs", import.meta.url));
let session: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Runs a command line in a folder, after those that were asked for before. */
export function pullbackInSession(folder: string, args: readonly string[]): Promise<Outcome> {
  const outcome = last.then(() => ask(session ?? begin(), { folder, args }));
  last = outcome.catch(() => undefined);
  return outcome;
}

/** It ends with the process that began it. */
function begin(): ChildProcess {
  const child = fork(script, { env: { ...process.env, DEBUG: "" } });
  child.unref();
  child.channel?.unref();
  child.on("exit", () => {
    session = undefined;
  });
  session = child;
  return child;
}

function ask(child: ChildProcess, command: { folder: string; args: readonly string[] }) {
  return new Promise<Outcome>((resolve, reject) => {
    const ended = (status: number | null): void =>
      reject(new Error(`${command.args.join(" ")}: the session ended with ${status}`));
    child.once("exit", ended);
    child.once("message", (outcome: Outcome) => {
      child.off("exit", ended);
      resolve(outcome);
    });
    child.send(command);
  });
}
