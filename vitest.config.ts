import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Tests that neither start programs nor change anything that others see. */
const pure = ["test/core", "test/conformance", "test/explorer"];

export default defineConfig({
  resolve: {
    alias: {
      "pullback-core": source("packages/core/src/index.ts"),
      pullback: source("packages/pullback/src/index.ts"),
    },
  },
  test: {
    environment: "node",
    // Tests that run ONNX Runtime use its own threads; two files at a time fill two cores.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        // Pure functions, most of them: read once a process, not once a file.
        test: {
          name: "core",
          include: pure.map((folder) => `${folder}/**/*.test.ts`),
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "programs",
          include: ["test/**/*.test.ts"],
          exclude: pure.map((folder) => `${folder}/**`),
        },
      },
    ],
  },
});
