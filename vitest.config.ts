import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      "pullback-core": source("packages/core/src/index.ts"),
      pullback: source("packages/pullback/src/index.ts"),
    },
  },
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    // Tests that run ONNX Runtime use its own threads; two files at a time fill two cores.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
