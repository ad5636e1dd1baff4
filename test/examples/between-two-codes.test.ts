import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { subject } from "../pullback/report/example.ts";
import { torusFolder } from "../pullback/report/folder.ts";

const example = fileURLToPath(new URL("../../examples/between-two-codes.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "pullback-example-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the example says the length and draws the strip", async () => {
  await torusFolder(folder, "torus");
  const args = [example, "torus", "0", "1", "between.svg"];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = subject.latents;
  const length = Math.hypot(x1 - x0, y1 - y0).toFixed(3);
  expect([status, stdout]).toEqual([0, `geodesic ${length}, straight line ${length}\n`]);
  expect(readFileSync(join(folder, "between.svg"), "utf8").match(/<image /g)).toHaveLength(22);
});
