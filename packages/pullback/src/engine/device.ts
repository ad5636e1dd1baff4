/** @file Which devices ONNX Runtime has here, and what to do about those it has not. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as ort from "onnxruntime-node";
import { InputError } from "pullback-core";

/** Throws `InputError` for a device that is unknown, or known and not installed. */
export function checkDevice(device: string): void {
  const backends = ort.listSupportedBackends();
  const known = backends.find(({ name }) => name === device);
  if (known?.bundled || (known && isInstalled(device))) return;
  const bundled = backends.flatMap(({ name, bundled }) => (bundled ? [name] : []));
  const expected = `expected ${bundled.join(" or ")}, got ${device}`;
  if (!known) throw new InputError(`device: ${expected}`);
  throw new InputError(
    `device: ${expected}, which onnxruntime-node does not bring along: it needs an NVIDIA driver, ` +
      "CUDA 12 with cuDNN 9, and the files that " +
      "`npm rebuild onnxruntime-node --ignore-scripts=false --onnxruntime-node-install=cuda12` fetches",
  );
}

/** Whether the provider's library lies beside the binding. */
function isInstalled(device: string): boolean {
  const entry = createRequire(import.meta.url).resolve("onnxruntime-node");
  const folder = join(dirname(entry), "..", "bin", "napi-v6", process.platform, process.arch);
  const files = [`libonnxruntime_providers_${device}.so`, `onnxruntime_providers_${device}.dll`];
  return files.some((file) => existsSync(join(folder, file)));
}
