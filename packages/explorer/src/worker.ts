/** @file The worker: a session behind messages, over ONNX Runtime Web. */
import { webEngine } from "./engine/web.ts";
import type { FromWorker, ToWorker } from "./protocol/messages.ts";
import { serve } from "./protocol/serve.ts";

const scope = self as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
};
const answer = serve(scope, ({ threads, runtime }) => webEngine({ threads, files: runtime }));
scope.onmessage = ({ data }) => answer(data);
