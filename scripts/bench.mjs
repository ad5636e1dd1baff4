/**
 * @file `npm run bench -- NAME`: compiles bench/ and runs bench/NAME.ts against the built packages.
 *
 * Node 20 does not run TypeScript, and what is measured should be what users run.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root, run, runTool, setup, tsc } from "./setup.mjs";

const names = readdirSync(join(root, "bench"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3));
const [name, ...args] = process.argv.slice(2);
if (!name || !existsSync(join(root, "bench", `${name}.ts`))) {
  console.error(
    `bench: expected one of ${names.join(", ") || "(none yet)"}, got ${name ?? "nothing"}`,
  );
  process.exit(2);
}
setup();
const status = runTool(tsc, ["-p", "bench"]);
if (status !== 0) process.exit(status);
// Memory is measured after a collection.
process.exitCode = run(process.execPath, [
  "--expose-gc",
  join("bench/dist", `${name}.js`),
  ...args,
]);
