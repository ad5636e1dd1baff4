/** @file Temporary files and folders that vanish with the process, however it ends. */
import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const alive = new Set<string>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let count = 0;

/** A free name beside `path`, so that a rename stays on one disk. Watched until `forget`. */
export function temporaryBeside(path: string): string {
  const name = join(dirname(path), `.${basename(path)}.${process.pid}-${count++}.tmp`);
  if (alive.size === 0) watch();
  alive.add(name);
  return name;
}

/** Removes what is left under that name, and stops watching it. */
export function forget(name: string): void {
  rmSync(name, { recursive: true, force: true });
  alive.delete(name);
  if (alive.size === 0) unwatch();
}

function removeAll(): void {
  for (const name of alive) rmSync(name, { recursive: true, force: true });
}

/**
 * Where others listen to the signal too, they decide about the process, and either the work ends
 * with an error or the process exits. Alone, we must end it ourselves.
 */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  unwatch();
  process.kill(process.pid, signal);
}

function watch(): void {
  process.on("exit", removeAll);
  for (const signal of signals) process.on(signal, onSignal);
}

function unwatch(): void {
  process.off("exit", removeAll);
  for (const signal of signals) process.off(signal, onSignal);
}
