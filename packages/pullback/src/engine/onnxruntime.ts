/**
 * @file The engine of Node: ONNX Runtime, native.
 *
 * `run` computes on the calling thread. Inputs and given outputs are used where they lie, without
 * copies, so views into one flat array serve as parameters and gradients.
 */
import * as ort from "onnxruntime-node";
import type { Engine, RuntimeSession } from "pullback-core";
import { InputError, runtimeEngine } from "pullback-core";
import { checkDevice } from "./device.ts";

export interface EngineOptions {
  /** Threads of one operator; all cores by default. */
  readonly threads?: number;
  /** Execution provider of ONNX Runtime: `cpu` (default), `webgpu`, … */
  readonly device?: string;
}

/**
 * An engine over ONNX Runtime. Throws `InputError` for a device that is not in the package and for
 * threads that are no number of threads.
 */
export function nativeEngine({ threads = 0, device = "cpu" }: EngineOptions = {}): Engine {
  if (!Number.isInteger(threads) || threads < 0)
    throw new InputError(`threads: expected a whole number from 0 (all cores), got ${threads}`);
  checkDevice(device);
  return runtimeEngine({
    name: `onnxruntime-node ${device}, ${threads || "all"} threads`,
    device,
    writesInPlace: true,
    tensor: (type, data, shape) => new ort.Tensor(type, data as Float32Array, shape),
    async open(onnx) {
      const session = await ort.InferenceSession.create(onnx, {
        executionProviders: [device],
        intraOpNumThreads: threads,
        graphOptimizationLevel: "all",
      });
      return session as unknown as RuntimeSession;
    },
    explain: (reason) =>
      /WebGPU adapter/.test(reason)
        ? "device: webgpu finds no graphics driver on this machine (Vulkan on Linux); use cpu"
        : null,
  });
}
