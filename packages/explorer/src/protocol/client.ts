/** @file The page's end of a worker: questions in, promises out. */
import type { FromWorker, Kind, Questions, ToWorker } from "./messages.ts";

/** As much of a `Worker` as is needed. */
export interface Port {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: { readonly data: FromWorker }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
}

export interface AskOptions<K extends Kind> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (value: Questions[K]["progress"]) => void;
}

export interface Client {
  ask<K extends Kind>(
    kind: K,
    ask: Questions[K]["ask"],
    options?: AskOptions<K>,
  ): Promise<Questions[K]["answer"]>;
  /** Ends the worker; whatever was asked fails. */
  close(): void;
}

/** Something a person can put right, said in plain words. */
export class PlainError extends Error {}

/** The worker has gone: out of memory, or its file could not be loaded. */
export class LostWorker extends Error {}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  onProgress?: ((value: never) => void) | undefined;
}

/** `onLost` is called once when the worker dies by itself. */
export function client(port: Port, onLost: (error: LostWorker) => void = () => {}): Client {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let gone: LostWorker | null = null;
  const fail = (error: LostWorker): void => {
    gone = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  port.onmessage = ({ data }) => {
    const asker = waiting.get(data.id);
    if (!asker) return;
    if (data.type === "progress") {
      asker.onProgress?.(data.value as never);
      return;
    }
    waiting.delete(data.id);
    if (data.type === "answer") asker.resolve(data.value);
    else if (data.aborted) asker.reject(new DOMException(data.message, "AbortError"));
    else asker.reject(data.isInput ? new PlainError(data.message) : new Error(data.message));
  };
  port.onerror = ({ message }) => {
    if (gone) return;
    fail(new LostWorker(message || "the worker ended"));
    onLost(gone as unknown as LostWorker);
  };
  return {
    ask(kind, ask, { signal, onProgress } = {}) {
      if (gone) return Promise.reject(gone);
      if (signal?.aborted) return Promise.reject(new DOMException("not wanted", "AbortError"));
      const id = ++last;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, onProgress });
        signal?.addEventListener("abort", () => port.postMessage({ id, kind: "cancel" }), {
          once: true,
        });
        port.postMessage({ id, kind, ask } as ToWorker);
      });
    },
    close() {
      port.terminate();
      fail(new LostWorker("the worker was closed"));
    },
  };
}
