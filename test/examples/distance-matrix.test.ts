import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random, readNpy } from "pullback-core";
import { afterAll, expect, test } from "vitest";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "pullback-example-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the example writes the distances of a flat torus", () => {
  const draw = random(1, "codes");
  const codes = Array.from({ length: 30 }, () => [2 * draw.uniform(), 2 * draw.uniform()]);
  writeFileSync(join(folder, "z.csv"), codes.map((row) => `${row}\n`).join(""));
  const args = [path("../../examples/distance-matrix.mjs"), path("../fixtures/clifford.onnx")];
  const run = spawnSync(process.execPath, [...args, "z.csv", "d.npy"], { cwd: folder });
  expect([run.status, String(run.stderr)]).toEqual([0, ""]);
  const { shape, data } = readNpy(readFileSync(join(folder, "d.npy")));
  expect(shape).toEqual([30, 30]);
  const ratios = codes.slice(1).map(([u, v], i) => {
    const straight = Math.hypot(
      (u as number) - (codes[0]?.[0] as number),
      (v as number) - (codes[0]?.[1] as number),
    );
    return Number(data[i + 1]) / straight;
  });
  expect(Math.min(...ratios)).toBeGreaterThan(0.999);
  expect(Math.max(...ratios)).toBeLessThan(1.06);
});
