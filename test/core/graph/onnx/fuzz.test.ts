/** Damaged `.onnx` files are read as something or refused in words. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { externalFiles, readOnnx } from "pullback-core";
import { describe, it } from "vitest";
import { mutations, readsOrRefuses } from "../../format/mutations.ts";
import { onnxFile } from "./build.ts";
import { imageFiles } from "./image-files.ts";

const fixture = fileURLToPath(new URL("../../../fixtures/torus.onnx", import.meta.url));
const files: readonly (readonly [string, Uint8Array])[] = [
  ["a torus of Python's onnx", new Uint8Array(readFileSync(fixture))],
  ...imageFiles
    .filter(([label]) => /Conv|Resize|Pad|Pool|Upsample of/.test(label))
    .map(([label, file]) => [label, onnxFile(file)] as const),
];

describe("damaged files", () => {
  it.each(files)("%s", (_, bytes) => {
    for (const damaged of mutations(bytes, 80)) {
      readsOrRefuses(() => readOnnx(damaged, { freeBatch: true }));
      readsOrRefuses(() => externalFiles(damaged));
    }
  });
});
