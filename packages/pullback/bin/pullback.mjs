#!/usr/bin/env node
import { existsSync } from "node:fs";

// Committed, so that the link in node_modules/.bin exists before anything was built.
const main = new URL("../dist/cli/main.js", import.meta.url);
if (existsSync(main)) {
  const { run } = await import(main.href);
  process.exitCode = await run(process.argv.slice(2));
} else {
  console.error("pullback: expected a build in packages/pullback/dist, got none: npm run setup");
  process.exitCode = 1;
}
