import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { torusFolder } from "../pullback/report/folder.ts";

const example = fileURLToPath(
  new URL("../../examples/train-through-distance.mjs", import.meta.url),
);
const folder = mkdtempSync(join(tmpdir(), "pullback-training-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the example ends equally far from both codes, in steps that come closer", async () => {
  await torusFolder(folder, "torus");
  const args = [example, "torus", "0", "1"];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  expect(status).toBe(0);
  const gaps = [...stdout.matchAll(/: (\S+) and (\S+)/g)].map(([, toA, toB]) =>
    Math.abs(Number(toA) - Number(toB)),
  );
  expect(gaps.length).toBeGreaterThan(2);
  gaps.slice(1).forEach((gap, i) => {
    expect(gap).toBeLessThan(gaps[i] as number);
  });
  expect(gaps.at(-1)).toBeLessThan(0.01);
});
