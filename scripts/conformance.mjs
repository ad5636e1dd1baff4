/**
 * @file `npm run conformance`: every solver, start, surface and precision, and the table of the errors,
 * in docs/conformance.md and printed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, runTool, setup } from "./setup.mjs";

setup();
const table = join(root, "docs/conformance.md");
process.env.CONFORMANCE_TABLE = table;
process.exitCode = runTool("vitest/vitest.mjs", [
  "run",
  "test/conformance",
  ...process.argv.slice(2),
]);
if (process.exitCode === 0) console.log(readFileSync(table, "utf8").replace(/^# .*\n\n/, ""));
