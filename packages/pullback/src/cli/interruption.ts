/** @file Ctrl-C: the first asks the command to stop, the second ends the process. */
import { constants } from "node:os";

export interface Interruption {
  readonly signal: AbortSignal;
  /** Exit status of the signal that came: 130 for Ctrl-C; undefined while none has. */
  status(): number | undefined;
  dispose(): void;
}

const signals = ["SIGINT", "SIGTERM"] as const;

export function interruption(): Interruption {
  const controller = new AbortController();
  let status: number | undefined;
  const interrupt = (name: NodeJS.Signals): void => {
    if (status !== undefined) process.exit(status);
    status = 128 + constants.signals[name];
    controller.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  return {
    signal: controller.signal,
    status: () => status,
    dispose() {
      for (const name of signals) process.off(name, interrupt);
    },
  };
}
