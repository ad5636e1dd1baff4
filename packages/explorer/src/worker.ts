/** @file The worker: a session behind messages, over ONNX Runtime Web on WebAssembly or on a GPU. */
import { webEngine } from "./engine/web.ts";
import type { FromWorker, ToWorker } from "./protocol/messages.ts";
import { serve } from "./protocol/serve.ts";
import { gpuWhereItAgrees } from "./work/device.ts";

const scope = self as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
};
const answer = serve(scope, async ({ threads, runtime, device }, model) => {
  const wasm = () => webEngine({ threads, files: runtime.wasm });
  if (device === "wasm") return { engine: wasm() };
  const webgpu = async () => (await import("./engine/webgpu.ts")).webgpuEngine(runtime.webgpu);
  return gpuWhereItAgrees({ wasm, webgpu }, model);
});
scope.onmessage = ({ data }) => answer(data);
