import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { boundsAround } from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { subject } from "../pullback/report/example.ts";
import { torusFolder } from "../pullback/report/folder.ts";

const example = fileURLToPath(new URL("../../examples/toolbox.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "pullback-toolbox-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): string {
  const options = { cwd: folder, encoding: "utf8" } as const;
  const { stdout, stderr, status } = spawnSync(process.execPath, [example, ...args], options);
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}

/** On a flat torus everything is as in the plane. */
describe("the toolbox on a flat torus", async () => {
  await torusFolder(folder, "torus");
  const codes = Array.from({ length: 12 }, (_, i) => [
    ...subject.latents.subarray(2 * i, 2 * i + 2),
  ]);
  const [a, b] = codes as [number[], number[]];
  const said = run("torus", "indicatrices.svg");
  const numbers = (line: RegExp): number[] =>
    (line.exec(said)?.slice(1) ?? []).flatMap((part) => part.split(/[ ,]+/).map(Number));

  test("says distance, shot and transport", () => {
    const [distance, ...end] = numbers(/distance (\S+), the shot ends at (.*)/);
    expect(distance).toBeCloseTo(Math.hypot(...a.map((x, k) => x - (b[k] as number))), 2);
    end.forEach((x, k) => {
      expect(x).toBeCloseTo(b[k] as number, 2);
    });
    expect(said).toContain("right at the start is 1.000, 0.000 at the end");
  });

  test("says mean, variance and principal geodesics", () => {
    const [x, y, variance] = numbers(/mean (.*), variance (\S+)/);
    const mean = [0, 1].map((k) => codes.reduce((sum, code) => sum + (code[k] as number) / 12, 0));
    expect(x).toBeCloseTo(mean[0] as number, 1);
    expect(y).toBeCloseTo(mean[1] as number, 1);
    const spread = codes.reduce(
      (sum, code) =>
        sum + code.reduce((s, value, k) => s + (value - (mean[k] as number)) ** 2 / 12, 0),
      0,
    );
    expect(variance).toBeCloseTo(spread, 2);
    const explained = numbers(/explain (.*) of it/);
    expect((explained[0] ?? 0) + (explained[1] ?? 0)).toBeCloseTo(1, 1);
  });

  test("says clusters, curvature and area, and draws", () => {
    const labels = numbers(/three clusters: (.*)/);
    expect(labels).toHaveLength(12);
    expect(new Set(labels)).toEqual(new Set([0, 1, 2]));
    const [K, area] = numbers(/curvature at the mean (\S+), area of the map (\S+)/);
    const [x0, x1, y0, y1] = boundsAround(subject.latents);
    expect(K).toBeCloseTo(0, 2);
    expect(area).toBeCloseTo((x1 - x0) * (y1 - y0), 1);
    const svg = readFileSync(join(folder, "indicatrices.svg"), "utf8");
    expect(svg.match(/<ellipse /g)).toHaveLength(225);
  });
});
