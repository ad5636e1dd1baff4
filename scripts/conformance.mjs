/**
 * @file `npm run conformance`: every solver, start, surface and precision, and the table of the errors
 * in docs/conformance.md.
 */
import { join } from "node:path";
import { root, runTool, setup } from "./setup.mjs";

setup();
process.env.CONFORMANCE_TABLE = join(root, "docs/conformance.md");
process.exitCode = runTool("vitest/vitest.mjs", [
  "run",
  "test/conformance",
  ...process.argv.slice(2),
]);
