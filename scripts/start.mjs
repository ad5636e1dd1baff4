/** @file `npm start`: two of the paper's experiments with the quick presets, one seed each, into out/. */
import { join } from "node:path";
import { root, run, setup } from "./setup.mjs";

const experiments = ["pendulum", "mnist"];
const extra = process.argv.slice(2);

setup();
const bin = join(root, "packages/pullback/bin/pullback.mjs");
for (const name of experiments) {
  const out = join("out", name);
  const args = [
    "reproduce",
    name,
    "--preset",
    "quick",
    "--seeds",
    "1",
    "--out",
    out,
    "--overwrite",
    ...extra,
  ];
  const status = run(process.execPath, [bin, ...args]);
  if (status !== 0) process.exit(status);
}

console.log(`
Open in a browser:
${experiments.map((name) => `  ${join(root, "out", name, "index.html")}`).join("\n")}

Then try:
  npx pullback train pendulum --preset quick --out out/my-pendulum
  npx pullback map out/my-pendulum --out out/my-map.svg
  npx pullback report out/my-pendulum --out out/my-report
`);
