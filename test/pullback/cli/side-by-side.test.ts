import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { cores, sideBySide } from "../../../packages/pullback/src/cli/side-by-side.ts";

const folder = mkdtempSync(join(tmpdir(), "pullback-beside-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string) => join(folder, name);
const never = new AbortController().signal;

const data = (name: string, seed: number) => [
  ...["data", "robot-arm", "--out", file(name), "--seed", String(seed)],
];
const training = (name: string) => [
  ...["train", "robot-arm", "--out", file(name), "--steps", "100000", "--threads", "1"],
];

describe("command lines side by side", () => {
  it("answer their reports in order, however many are at work", async () => {
    const lines = [data("a.npy", 1), data("b.npy", 2), data("c.npy", 3)];
    const reports = (await sideBySide(lines, 2, never)) as { readonly out: string }[];
    expect(reports.map(({ out }) => out)).toEqual([file("a.npy"), file("b.npy"), file("c.npy")]);
    expect(["a.npy", "b.npy", "c.npy"].map((name) => existsSync(file(name)))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it("stop with the first that fails, and keep what a training has done", async () => {
    const began = performance.now();
    const failing = ["data", "table", "--data", file("none.csv"), "--out", file("d.npy")];
    await expect(sideBySide([training("long"), failing], 2, never)).rejects.toThrow(
      "data table failed with status 1; see above",
    );
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it("stop when they are told to: a training leaves its checkpoint", async () => {
    const controller = new AbortController();
    const run = sideBySide([training("stopped")], 1, controller.signal);
    const partial = join(`${file("stopped")}.partial`, "checkpoint");
    while (!existsSync(partial)) await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort();
    await expect(run).rejects.toThrow(/abort/i);
    expect(readdirSync(partial)).not.toEqual([]);
  });
});

it("cores are shared out: two processes at most, unless told otherwise", () => {
  const all = availableParallelism();
  expect(cores(undefined, undefined, 1)).toEqual({ workers: 1, threads: all });
  expect(cores(3, undefined, 4)).toEqual({
    workers: 3,
    threads: Math.max(1, Math.floor(all / 3)),
  });
  expect(cores(undefined, all, 4)).toEqual({ workers: 1, threads: all });
  expect(cores(undefined, undefined, 4).workers).toBe(Math.min(2, all));
});
