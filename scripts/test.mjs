/**
 * @file `npm test`: everything that must hold. Lint and format, types, then the tests.
 *
 * Arguments go to vitest: `npm test -- test/core/format`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root, run, runTool, setup, tsc } from "./setup.mjs";

/** Programs beside Node that some tests need: only where those tests are. */
const needs = [
  {
    folder: "test/browser",
    programs: ["chromium", "chromium-browser", "google-chrome"],
    debian: "chromium",
    without: "no browser",
  },
  {
    folder: "test/queue",
    programs: ["redis-server"],
    debian: "redis-server",
    without: "no Redis",
  },
];

const found = (program) =>
  spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;

/** Installs only where the user is root already; asks nobody for more rights. */
function provide({ folder, programs, debian, without }) {
  if (!existsSync(join(root, folder)) || programs.some(found)) return;
  if (process.getuid?.() === 0 && found("apt-get")) {
    console.log(`test: installing ${debian} for ${folder}`);
    const options = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
    run("apt-get", ["update"], options);
    run("apt-get", ["install", "--yes", "--no-install-recommends", debian], options);
    if (programs.some(found)) return;
  }
  console.log(`\n  skipped: ${without} for ${folder} (get it with: apt-get install ${debian})\n`);
}

setup();
for (const need of needs) provide(need);

const args = process.argv.slice(2);
mkdirSync(join(root, "out"), { recursive: true });
const steps = [
  ["lint and format", () => runTool("@biomejs/biome/bin/biome", ["check", "."])],
  ["types", () => runTool(tsc, ["-b"])],
  ["types of the tests", () => runTool(tsc, ["-p", "test/tsconfig.json"])],
  [
    "types of the page",
    () =>
      runTool("svelte-check/bin/svelte-check", [
        ...["--tsconfig", "tsconfig.json", "--fail-on-warnings", "--output", "human"],
        ...["--workspace", join(root, "packages/explorer")],
      ]),
  ],
  [
    "tests",
    () =>
      runTool("vitest/vitest.mjs", [
        "run",
        "--reporter=default",
        "--reporter=json",
        "--outputFile.json=out/tests.json",
        ...args,
      ]),
  ],
];
const failed = steps.filter(([, step]) => step() !== 0).map(([name]) => name);
if (failed.length > 0) {
  console.error(`test: failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
