/**
 * @file Brings a clone to where everything works: dependencies from the lock file, a fresh build.
 *
 * Quick when nothing is missing. The other scripts call it themselves: npm does not run pre and post
 * scripts here (ignore-scripts in .npmrc).
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a command in the clone with its output shown. Returns the exit status. */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    ...options,
  });
  if (error) console.error(`${command}: ${error.message}`);
  return signal ? 130 : (status ?? 1);
}

/** Runs the program of a dependency, without npx in between. */
export function runTool(path, args, options) {
  return run(process.execPath, [join(root, "node_modules", path), ...args], options);
}

export const tsc = "typescript/bin/tsc";

/** Installs and builds what is missing or stale. Ends the process where that fails. */
export function setup() {
  checkNode();
  install();
  for (const build of builds) if (isStale(build)) make(build);
}

function make({ stamp, run: command, name }) {
  // What changes while the build runs is for the next one.
  const started = new Date();
  const status = command();
  if (status !== 0) fail(`the build of ${name} failed; the errors are above`, status);
  writeFileSync(stamp, "");
  utimesSync(stamp, started, started);
}

function checkNode() {
  const needed = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).engines.node;
  const least = needed.match(/\d+/g).map(Number);
  const have = process.versions.node.split(".").map(Number);
  const at = have.findIndex((part, i) => part !== least[i]);
  if (at >= 0 && have[at] < least[at]) fail(`expected Node ${needed}, got ${process.version}`);
}

function install() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex");
  const stamp = join(root, "node_modules", ".pullback-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  console.log("setup: installing the dependencies of package-lock.json");
  // On Windows npm is a script of the shell.
  const options = { shell: process.platform === "win32" };
  const status = run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], options);
  if (status !== 0) fail("npm ci failed; is the registry within reach?", status);
  writeFileSync(stamp, hash);
}

/** Stamps are touched after a build without errors: tsc itself writes files in spite of them. */
const stampOf = (name) => join(root, "node_modules", `.pullback-${name}`);

const settings = ["tsconfig.base.json", "tsconfig.json", "package-lock.json"];
const sources = (folder) =>
  ["tsconfig.json", "package.json", "src"].map((file) => join(folder, file));

/** One after another; the page is made of what the first leaves. */
const builds = [
  {
    name: "the packages",
    stamp: stampOf("built"),
    outputs: ["packages/core/dist/index.js", "packages/pullback/dist/index.js"],
    inputs: [...settings, ...sources("packages/core"), ...sources("packages/pullback")],
    run: () => runTool(tsc, ["-b"]),
  },
  {
    name: "the explorer",
    stamp: stampOf("page"),
    outputs: ["packages/explorer/dist/site/index.html"],
    inputs: [
      ...settings,
      ...sources("packages/core"),
      ...sources("packages/explorer"),
      ...["index.html", "vite.config.ts", "public"].map((file) => join("packages/explorer", file)),
    ],
    run: () =>
      runTool("vite/bin/vite.js", ["build", "--logLevel", "warn"], {
        cwd: join(root, "packages/explorer"),
      }),
  },
];

/** Whether an input changed after the last good build. Cheaper than asking the tools. */
function isStale({ stamp, outputs, inputs }) {
  if (!existsSync(stamp) || !outputs.every((file) => existsSync(join(root, file)))) return true;
  const since = statSync(stamp).mtimeMs;
  return inputs.some((file) => anyChanged(join(root, file), since));
}

const changed = (path, since) => statSync(path).mtimeMs >= since;

/** Folders count too: a file that was removed leaves its mark there. */
function anyChanged(path, since) {
  if (changed(path, since)) return true;
  if (!statSync(path).isDirectory()) return false;
  return readdirSync(path).some((entry) => anyChanged(join(path, entry), since));
}

function fail(message, status = 1) {
  console.error(`setup: ${message}`);
  process.exit(status);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setup();
  console.log("setup: ready; try  npx pullback --help");
}
