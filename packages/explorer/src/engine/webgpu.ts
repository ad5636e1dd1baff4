/**
 * @file The engine of the page on a GPU: ONNX Runtime Web's WebGPU build, 27 MB, loaded only when it is asked for.
 *
 * Operators that it lacks run on WebAssembly. Its runs wait for the GPU half way, so one after another:
 * the runtime cannot be entered twice. Left out: keeping tensors on the GPU between runs.
 */
import * as ort from "onnxruntime-web/webgpu";
import type { Engine, RuntimeSession } from "pullback-core";
import { InputError, runtimeEngine } from "pullback-core";
import type { RuntimeFiles } from "./web.ts";

/** Throws `InputError` where the browser has no GPU for this worker. */
export async function webgpuEngine(files: RuntimeFiles): Promise<Engine> {
  const { gpu } = navigator as Navigator & { gpu?: { requestAdapter(): Promise<object | null> } };
  const adapter = await gpu?.requestAdapter();
  if (!adapter) throw new InputError("this browser offers no GPU to compute on");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = files;
  ort.env.logLevel = "error";
  const inTurn = queue();
  return runtimeEngine({
    name: "onnxruntime-web webgpu",
    device: "webgpu",
    writesInPlace: false,
    tensor: (type, data, shape) => new ort.Tensor(type, data as Float32Array, shape),
    async open(onnx) {
      const session = await inTurn(() =>
        ort.InferenceSession.create(onnx, {
          executionProviders: ["webgpu"],
          graphOptimizationLevel: "all",
        }),
      );
      const { run, release } = session as unknown as RuntimeSession;
      return {
        run: (feeds, fetches) => inTurn(() => run.call(session, feeds, fetches)),
        release: () => inTurn(() => release.call(session)),
      };
    },
  });
}

/** Work one after another, in the order of asking; a failure stops nothing but itself. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work, work);
    last = done.catch(() => undefined);
    return done;
  };
}
