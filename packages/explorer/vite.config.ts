/** @file Builds the page (`dist/site`, relative addresses, so that any folder of any host will do). */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  plugins: [svelte({ compilerOptions: { css: "external" } })],
  resolve: {
    conditions: ["onnxruntime-web-use-extern-wasm", "svelte", "module", "browser", "import"],
  },
  worker: { format: "es" },
  build: {
    outDir: "dist/site",
    emptyOutDir: true,
    target: "es2022",
    // Never inlined: the strict content policy allows no data: scripts.
    assetsInlineLimit: 0,
    // One style sheet with a fixed name, beside `mount.js`: other pages link to it.
    cssCodeSplit: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: { index: "index.html", mount: "src/mount.ts" },
      preserveEntrySignatures: "exports-only",
      output: {
        entryFileNames: ({ name }) => (name === "mount" ? "mount.js" : "assets/[name]-[hash].js"),
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith(".css"))
            ? "explorer.css"
            : "assets/[name]-[hash][extname]",
      },
    },
  },
});
