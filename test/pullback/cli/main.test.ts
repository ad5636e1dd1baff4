import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readNpy } from "pullback-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commoner, commonerCanRun, pullback } from "./run.ts";
import { pullbackInSession } from "./session.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pullback-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, content: string | Uint8Array): void =>
  writeFileSync(join(folder, name), content);

test("--version prints the version of the package", () => {
  const { version } = createRequire(import.meta.url)("../../../packages/pullback/package.json");
  expect(pullback(folder, ["--version"])).toEqual({
    status: 0,
    stdout: `${version}\n`,
    stderr: "",
  });
});

test("--help lists the commands; that of a command its options and their defaults", () => {
  expect(pullback(folder, ["--help"]).stdout).toMatch(/data \[options\] <dataset>/);
  const { status, stdout } = pullback(folder, ["data", "--help"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/--seed <N> .*\(default: 1\)/);
});

describe("wrong usage: exit status 2 and one line", () => {
  test.each([
    ["an unknown command", ["dta"], /^pullback: unknown command 'dta' \(Did you mean data\?\)/],
    [
      "an unknown option",
      ["data", "pendulum", "--out", "x", "--sed", "1"],
      /unknown option '--sed'/,
    ],
    [
      "an unknown dataset",
      ["data", "penguin", "--out", "x"],
      /<dataset>: expected one of pendulum, .*, got "penguin"/,
    ],
    [
      "an option without its value",
      ["data", "pendulum", "--out"],
      /'--out <DIR>' argument missing/,
    ],
    ["a missing option", ["data", "pendulum"], /required option '--out <DIR>' not specified/],
    ["a missing argument", ["data", "--out", "x"], /missing required argument 'dataset'/],
    [
      "an argument too many",
      ["data", "pendulum", "x", "--out", "x"],
      /Expected 1 argument but got 2/,
    ],
    [
      "a seed that is no number",
      ["data", "pendulum", "--out", "x", "--seed", "one"],
      /--seed: expected a whole number of at least 0, got "one"/,
    ],
    [
      "a choice that is none",
      ["data", "mnist", "--out", "x", "--binarise", "dither"],
      /--binarise: expected one of bernoulli, threshold, fixed, got "dither"/,
    ],
  ] as const)("%s", async (_, args, message) => {
    const { status, stdout, stderr } = await pullbackInSession(folder, args);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).toMatch(/^pullback( data)?: .* \(see pullback( data)? --help\)$/);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("no command at all shows the help, on standard error", () => {
    const { status, stdout, stderr } = pullback(folder, []);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: pullback/);
  });
});

describe("bad input: exit status 1, one line, nothing written", () => {
  test.each([
    [
      "a missing file",
      ["table", "--data", "none.csv"],
      "cannot read none.csv: no such file or folder",
    ],
    [
      "a folder for a file",
      ["table", "--data", "sub.npy"],
      "cannot read sub.npy: expected a file, got a folder",
    ],
    ["an empty file", ["table", "--data", "empty.csv"], "cannot read empty.csv: the file is empty"],
    [
      "an unknown ending",
      ["table", "--data", "a.xlsx"],
      "cannot read a.xlsx: expected an ending of .npy, .csv",
    ],
    [
      "a row too long",
      ["table", "--data", "ragged.csv"],
      "ragged.csv: csv: line 2: expected 2 columns, got 3",
    ],
    [
      "NaN",
      ["table", "--data", "nan.csv"],
      "nan.csv: row 2, column 1: expected a finite number, got NaN",
    ],
    [
      "text in the place of npy",
      ["images", "--data", "text.npy"],
      "text.npy: npy: expected a file that begins with",
    ],
    [
      "a table for images",
      ["images", "--data", "ok.csv"],
      "ok.csv: expected images [n,h,w] or [n,h,w,3], got shape [2,2]",
    ],
    ["no gzip", ["table", "--data", "ok.csv.gz"], "cannot read ok.csv.gz: expected gzip"],
    ["no data", ["table"], "table: expected --data FILE.npy or FILE.csv, got nothing"],
    [
      "an empty folder of MNIST",
      ["mnist", "--data", "sub.npy"],
      "mnist: expected train-images-idx3-ubyte",
    ],
  ] as const)("%s", async (_, args, message) => {
    mkdirSync(join(folder, "sub.npy"));
    write("empty.csv", "");
    write("a.xlsx", "1");
    write("ragged.csv", "1,2\n3,4,5\n");
    write("nan.csv", "1,2\nnan,4\n");
    write("text.npy", "not an array");
    write("ok.csv", "1,2\n3,4\n");
    write("ok.csv.gz", "1,2\n3,4\n");
    const before = readdirSync(folder);
    const line = ["data", ...args, "--out", "out", "--json"];
    const { status, stdout, stderr } = await pullbackInSession(folder, line);
    expect(stderr).toContain(`pullback data: ${message}`);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(readdirSync(folder)).toEqual(before);
  });

  test("an output that exists is refused before the work, and replaced on demand", () => {
    write("ok.csv", "1,2\n3,4\n5,6\n");
    const args = ["data", "table", "--data", "ok.csv", "--out", "out"];
    expect(pullback(folder, args).status).toBe(0);
    const { status, stderr } = pullback(folder, args);
    expect(status).toBe(1);
    expect(stderr).toBe("pullback data: cannot write out: it exists; --overwrite replaces it\n");
    expect(pullback(folder, [...args, "--overwrite"]).status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(["ok.csv", "out"]);
  });

  test.skipIf(!commonerCanRun)("no permission to read or to write", () => {
    write("secret.csv", "1,2\n3,4\n");
    write("ok.csv", "1,2\n3,4\n");
    chmodSync(join(folder, "secret.csv"), 0o000);
    chmodSync(join(folder, "ok.csv"), 0o644);
    mkdirSync(join(folder, "locked"));
    chmodSync(join(folder, "locked"), 0o555);
    chmodSync(folder, 0o777);
    if (commoner !== undefined) chownSync(join(folder, "locked"), commoner, commoner);
    const run = (data: string, out: string) =>
      pullback(folder, ["data", "table", "--data", data, "--out", out], { uid: commoner });
    expect(run("secret.csv", "out")).toEqual({
      status: 1,
      stdout: "",
      stderr: "pullback data: cannot read secret.csv: no permission\n",
    });
    expect(run("ok.csv", "locked/out")).toEqual({
      status: 1,
      stdout: "",
      stderr: "pullback data: cannot write locked/out: no permission\n",
    });
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  test("DEBUG=pullback shows the stack", () => {
    const { stderr } = pullback(folder, ["data", "table", "--out", "x"], { debug: "pullback" });
    expect(stderr).toMatch(/^pullback data: table: expected .*\nInputError: .*\n {4}at /);
  });
});

test("--json prints one object and nothing else", () => {
  write("ok.csv", "a,b\n1,2\n3,4\n5,6\n");
  const args = ["data", "table", "--data", "ok.csv", "--scaling", "minmax", "--out", "out"];
  const { status, stdout, stderr } = pullback(folder, [...args, "--json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    out: "out",
    shapes: { observations: [2, 2], "held-out": [1, 2] },
  });
  const about = JSON.parse(readFileSync(join(folder, "out", "dataset.json"), "utf8"));
  expect(about).toMatchObject({
    drawing: { names: ["a", "b"] },
    scaling: { offset: [1, 2], scale: [4, 4] },
  });
  const rows = readNpy(readFileSync(join(folder, "out", "observations.npy")));
  expect(rows.shape).toEqual([2, 2]);
  expect([0, 0.5, 1]).toContain(rows.data[0]);
});

test.skipIf(process.platform === "win32")(
  "Ctrl-C: exit status 130, nothing half-written",
  async () => {
    const bin = fileURLToPath(
      new URL("../../../packages/pullback/bin/pullback.mjs", import.meta.url),
    );
    const child = spawn(process.execPath, [bin, "data", "mnist", "--out", "out"], { cwd: folder });
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    // The temporary folder shows that the work is at its most delicate.
    const ended = new Promise<number | null>((done) => child.on("exit", done));
    for (let wait = 0; wait < 500 && readdirSync(folder).length === 0; wait++)
      await new Promise((next) => setTimeout(next, 20));
    expect(readdirSync(folder)[0]).toMatch(/^\.out\..*\.tmp$/);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(stderr).toBe("pullback data: interrupted\n");
    expect(readdirSync(folder)).toEqual([]);
  },
);
