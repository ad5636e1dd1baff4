import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random, readNpy } from "pullback-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as zarr from "zarrita";
import { fileStore } from "../../../packages/pullback/src/files/distance-store.ts";
import { pullback } from "./run.ts";
import { pullbackInSession } from "./session.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const bin = fileURLToPath(new URL("../../../packages/pullback/bin/pullback.mjs", import.meta.url));

/** A disk of a given size wants rights that a test seldom has. */
const canMount = (() => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const place = mkdtempSync(join(tmpdir(), "pullback-mount-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "tmpfs", place]);
  if (status === 0) spawnSync("umount", [place]);
  rmSync(place, { recursive: true });
  return status === 0;
})();

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const n = 40;
const codes = (() => {
  const draw = random(4, "codes");
  return Array.from({ length: n }, () => [2 * draw.uniform(), 2 * draw.uniform()] as const);
})();

const common = ["--latents", "z.csv", "--threads", "1"];
const line = (...args: string[]): string[] => ["distances", "clifford.onnx", ...common, ...args];
const distances = (...args: string[]) => pullback(folder, line(...args));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pullback-distances-"));
  copyFileSync(fixture("clifford.onnx"), at("clifford.onnx"));
  writeFileSync(at("z.csv"), codes.map((row) => `${row.join(",")}\n`).join(""));
  // What all others are held against: one process.
  expect(distances("--out", "one.npy", "--workers", "1").status).toBe(0);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const matrix = (name: string): Float32Array => readNpy(readFileSync(at(name))).data as Float32Array;

/** On a Clifford torus, near enough, distances are those of the plane. */
const plane = (i: number, j: number): number =>
  Math.hypot(...[0, 1].map((k) => (codes[i]?.[k] as number) - (codes[j]?.[k] as number)));

/** Processes that a process has started and that still run; Linux only. */
function childrenOf({ pid }: ChildProcess): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return list.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

describe("pullback distances", { timeout: 300_000 }, () => {
  test("exact: the plane's distances, symmetric, zero on the diagonal; no tiles are left", () => {
    const found = matrix("one.npy");
    expect(found).toHaveLength(n * n);
    for (let i = 0; i < n; i++) {
      expect(found[i * n + i]).toBe(0);
      for (let j = 0; j < i; j++) {
        expect(found[i * n + j]).toBe(found[j * n + i]);
        expect(Math.abs((found[i * n + j] as number) / plane(i, j) - 1)).toBeLessThan(1e-4);
      }
    }
    expect(readdirSync(folder).filter((name) => name.includes("parts"))).toEqual([]);
  });

  test("shares of a cluster's jobs, merged: the same bytes", () => {
    const refused = distances("--out", "s.npy", "--merge");
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("found nothing")]);
    for (const share of ["2/2", "1/2"])
      expect(distances("--out", "s.npy", "--workers", "1", "--shard", share).status).toBe(0);
    // A chunk that is not what was written is found, and computed again.
    const chunk = at("s.npy.parts", "c", "0", "1");
    const bytes = readFileSync(chunk);
    bytes[5] = (bytes[5] as number) ^ 1;
    writeFileSync(chunk, bytes);
    const damaged = distances("--out", "s.npy", "--merge");
    expect(damaged.stderr).toMatch(/0 tiles are missing and 1 are damaged \(1\); --resume/);
    expect(damaged.status).toBe(1);
    const again = distances("--out", "s.npy", "--resume", "--workers", "1");
    expect(again.stderr).toContain("5 of 6 tiles are there");
    expect(readFileSync(at("s.npy"))).toEqual(readFileSync(at("one.npy")));
  });

  test.skipIf(process.platform !== "linux")(
    "two processes, one of them killed in the middle: the same bytes",
    async () => {
      const args = line("--out", "two.npy", "--workers", "2");
      const child = spawn(process.execPath, [bin, ...args], { cwd: folder });
      const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
      const tiles = at("two.npy.parts", "pullback", "tiles");
      let killed = false;
      while (child.exitCode === null && !killed) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        const [first] = childrenOf(child);
        if (!first || !existsSync(tiles) || readdirSync(tiles).length === 0) continue;
        process.kill(first, "SIGKILL");
        killed = true;
      }
      expect(await ended).toBe(0);
      expect(killed).toBe(true);
      expect(readFileSync(at("two.npy"))).toEqual(readFileSync(at("one.npy")));
    },
  );

  test("graph to a zarr that others open, with its error; another job's store is not touched", async () => {
    const args = ["--method", "graph", "--out", "d.zarr", "--workers", "1"];
    const { status, stdout } = distances(...args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/graph against geodesics on 64 pairs: \d\.\d % at the median/);
    const array = await zarr.open(zarr.root(fileStore(at("d.zarr"))), { kind: "array" });
    const { data, shape } = await zarr.get(array as zarr.Array<"float32">);
    expect(shape).toEqual([n, n]);
    const exact = matrix("one.npy");
    const relative = Array.from(data, (x, i) => x / (exact[i] as number) - 1)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    expect(relative[0]).toBeGreaterThan(-1e-3);
    expect(relative[relative.length >> 1]).toBeLessThan(0.02);

    expect(distances(...args).stderr).toMatch(/d\.zarr: it exists; --resume/);
    const other = distances(...args, "--neighbours", "12", "--resume");
    expect([other.status, other.stderr]).toEqual([1, expect.stringContaining("those of another")]);
  });

  test("landmarks: columns are distances to some of the codes", () => {
    const { status } = distances("--landmarks", "5", "--out", "l.csv", "--workers", "1");
    expect(status).toBe(0);
    const rows = readFileSync(at("l.csv"), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(",").map(Number));
    expect([rows.length, rows[0]?.length]).toEqual([n, 5]);
    for (let column = 0; column < 5; column++) {
      const landmark = rows.findIndex((row) => row[column] === 0);
      rows.forEach((row, i) => {
        expect(row[column]).toBeCloseTo(i === landmark ? 0 : plane(i, landmark), 3);
      });
    }
  });

  test("codes that are equal are at no distance, exactly and on the graph", () => {
    const rows = [...codes.slice(0, 10), ...codes.slice(0, 10)];
    writeFileSync(at("twice.csv"), rows.map((row) => `${row.join(",")}\n`).join(""));
    for (const method of ["exact", "graph"]) {
      const args = ["--latents", "twice.csv", "--method", method, "--workers", "1"];
      expect(distances(...args, "--out", `${method}.npy`).status).toBe(0);
      const found = matrix(`${method}.npy`);
      for (let i = 0; i < 10; i++) {
        expect(found[i * 20 + i + 10]).toBe(0);
        for (let j = 0; j < 10; j++)
          expect(found[i * 20 + j + 10]).toBeCloseTo(found[i * 20 + j] as number, 3);
      }
    }
  });

  test("a tile that cannot be written ends the run with its number", () => {
    const share = ["--shard", "1/6", "--workers", "1"];
    expect(distances("--out", "poisoned.npy", ...share).status).toBe(0);
    mkdirSync(at("poisoned.npy.parts", "c", "0", "1"));
    const outcome = distances("--out", "poisoned.npy", "--workers", "2", "--resume");
    expect(outcome.stderr).toMatch(/tile 1: cannot write .*expected a file, got a folder/);
    expect(outcome.status).toBe(1);
  });

  test.skipIf(process.platform !== "linux")(
    "a tile over which processes die is given up after three",
    async () => {
      const args = line("--out", "dead.npy", "--workers", "2");
      const child = spawn(process.execPath, [bin, ...args], { cwd: folder });
      let said = "";
      child.stderr.on("data", (part) => {
        said += part;
      });
      const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
      while (child.exitCode === null) {
        for (const pid of childrenOf(child)) process.kill(pid, "SIGKILL");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(await ended).toBe(1);
      expect(said).toMatch(/tile \d+: 3 processes died over it: the process ended by SIGKILL/);
    },
  );

  test.skipIf(!canMount)("a full disk: said, nothing half is left, and gone on with", () => {
    mkdirSync(at("small"));
    const small = (size: string, ...more: string[]) => {
      const options = [`size=${size}`, ...more].join(",");
      return spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", at("small")]);
    };
    expect(small("1m").status).toBe(0);
    try {
      const args = ["--out", join("small", "d.npy"), "--workers", "1"];
      const { status, stderr } = distances(...args);
      expect(stderr).toMatch(/cannot write small\/d\.npy\.parts.*: the disk is full/);
      expect(status).toBe(1);
      expect(readdirSync(at("small", "d.npy.parts", "pullback")).sort()).not.toContain("graph");
      expect(readdirSync(at("small"))).toEqual(["d.npy.parts"]);
      expect(small("64m", "remount").status).toBe(0);
      expect(distances(...args, "--resume").status).toBe(0);
      expect(readFileSync(at("small", "d.npy"))).toEqual(readFileSync(at("one.npy")));
    } finally {
      spawnSync("umount", [at("small")]);
    }
  });

  test.each([
    [["--latents", "wide.csv"], 1, /expected rows of 2 numbers, got shape \[2,3\]/],
    [["--latents", "nan.csv"], 1, /row 2, column 1: expected a finite number, got NaN/],
    [["--shard", "3/2"], 2, /--shard: expected i\/n/],
    [["--landmarks", "41"], 1, /landmarks: expected 1 to 40/],
  ])("refuses %j", async (args, status, message) => {
    writeFileSync(at("wide.csv"), "1,2,3\n4,5,6\n");
    writeFileSync(at("nan.csv"), "1,2\nnan,4\n");
    const outcome = await pullbackInSession(folder, line("--out", "r.npy", ...args));
    expect(outcome.stderr).toMatch(message);
    expect(outcome.status).toBe(status);
  });
});
