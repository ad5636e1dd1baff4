/**
 * @file The engine of the page: ONNX Runtime Web on WebAssembly, with SIMD and, where the page is
 * isolated from other origins, threads.
 *
 * `run` computes on the calling thread, so it belongs in a worker.
 */
import * as ort from "onnxruntime-web/wasm";
import type { Engine, RuntimeSession } from "pullback-core";
import { runtimeEngine } from "pullback-core";

/** Where the runtime's own two files are. */
export interface RuntimeFiles {
  readonly mjs: string;
  readonly wasm: string;
}

export interface WebEngineOptions {
  /** Threads of one operator; without isolation there is only one whatever is asked. */
  readonly threads?: number;
  /** Beside the script by default. */
  readonly files?: RuntimeFiles;
}

/** Whether this page or worker may have threads: SharedArrayBuffer needs COOP and COEP. */
export const isIsolated = (): boolean => globalThis.crossOriginIsolated === true;

/** An engine over ONNX Runtime Web. The first of a worker decides the threads of all. */
export function webEngine({ threads = 1, files }: WebEngineOptions = {}): Engine {
  const allowed = isIsolated() ? Math.max(1, threads) : 1;
  ort.env.wasm.numThreads = allowed;
  ort.env.logLevel = "error";
  if (files) ort.env.wasm.wasmPaths = files;
  return runtimeEngine({
    name: `onnxruntime-web wasm, ${allowed === 1 ? "1 thread" : `${allowed} threads`}`,
    device: "wasm",
    // The runtime's memory is its own.
    writesInPlace: false,
    tensor: (type, data, shape) => new ort.Tensor(type, data as Float32Array, shape),
    async open(onnx) {
      const session = await ort.InferenceSession.create(onnx, {
        executionProviders: ["wasm"],
        graphOptimizationLevel: "all",
      });
      return session as unknown as RuntimeSession;
    },
  });
}
