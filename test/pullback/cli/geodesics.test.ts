import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GeodesicsResult } from "pullback-core";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pullback } from "./run.ts";
import { pullbackInSession } from "./session.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pullback-geodesics-"));
  writeFileSync(join(folder, "p.csv"), "u0,v0,u1,v1\n0.2,-0.4,1.5,1.9\n0,0,2.5,0.5\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const line = (model: string, ...more: string[]): string[] => [
  ...["geodesics", fixture(model), "--pairs", "p.csv", "--out", "r.json", "--threads", "1"],
  ...more,
];

function geodesics(model: string, ...more: string[]) {
  const run = pullback(folder, line(model, ...more));
  const result = (): v.InferOutput<typeof GeodesicsResult> =>
    v.parse(GeodesicsResult, JSON.parse(readFileSync(join(folder, "r.json"), "utf8")));
  return { ...run, result };
}

describe("decoders that Python's onnx wrote", () => {
  test("Clifford torus: lengths of the plane to 1e-9 in double precision", () => {
    const { status, result } = geodesics("clifford.onnx", "--float64");
    expect(status).toBe(0);
    const { latentDimension, dataDimension, metric, solver, geodesics: found } = result();
    expect([latentDimension, dataDimension, metric, solver]).toEqual([2, 4, "pullback", "spline"]);
    expect(found[0]?.length).toBeCloseTo(Math.hypot(1.3, 2.3), 9);
    expect(found[1]?.length).toBeCloseTo(Math.hypot(2.5, 0.5), 9);
  });

  test("torus: lengths of geodesics found by shooting", () => {
    // Runge-Kutta on Clairaut's equations, 4000 steps, ends matched by Newton's method.
    const expected = [3.82209231742937, 6.354968158691116];
    const fine = ["--float64", "--tolerance", "1e-6"];
    const exact = geodesics("torus.onnx", ...fine).result().geodesics;
    const single = geodesics("torus.onnx", "--overwrite", "--start", "straight").result().geodesics;
    expected.forEach((length, i) => {
      expect(Math.abs((exact[i]?.length as number) / length - 1)).toBeLessThan(1e-7);
      expect(Math.abs((single[i]?.length as number) / length - 1)).toBeLessThan(1e-4);
      expect(exact[i]?.status).toBe("converged");
      expect(exact[i]?.localMinimum).toBe(true);
    });
  });
});

describe("--start", () => {
  test.each(["auto", "straight", "bezier", "grid", "front", "graph"])("%s", (start) => {
    const { status, result } = geodesics("clifford.onnx", "--start", start);
    expect(status).toBe(0);
    expect(result().geodesics[0]?.length).toBeCloseTo(Math.hypot(1.3, 2.3), 4);
  });

  test("previous begins at the curves of an earlier result", () => {
    const earlier = geodesics("torus.onnx", "--float64").result().geodesics;
    writeFileSync(join(folder, "before.json"), readFileSync(join(folder, "r.json")));
    const warm = ["--overwrite", "--float64", "--previous", "before.json"];
    const again = geodesics("torus.onnx", ...warm).result().geodesics;
    again.forEach(({ start, length, iterations }, i) => {
      expect(start).toBe("previous");
      expect(length).toBeCloseTo(earlier[i]?.length as number, 7);
      expect(iterations).toBeLessThan(earlier[i]?.iterations as number);
    });
    writeFileSync(join(folder, "p.csv"), "0.2,-0.4,1.5,1.9\n");
    expect(geodesics("torus.onnx", ...warm)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("before.json: expected 1 curves in 2 latent dimensions"),
    });
  });

  test("previous needs curves, and the others none", () => {
    expect(geodesics("torus.onnx", "--start", "previous")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("--start previous: expected a result with --previous FILE"),
    });
    expect(geodesics("torus.onnx", "--start", "grid", "--previous", "p.csv")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("--previous: expected --start previous, got grid"),
    });
    expect(geodesics("torus.onnx", "--previous", "p.csv")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("p.csv: expected a result of pullback geodesics"),
    });
  });
});

test("--metric smoothed: the curve is measured in G and in the smoothed metric", () => {
  const smoothing = ["--metric", "smoothed", "--lambda", "10", "--start", "straight"];
  const { status, result } = geodesics("torus.onnx", ...smoothing, "--segments", "50");
  expect(status).toBe(0);
  const { metric, solver, geodesics: found } = result();
  expect([metric, solver]).toEqual(["smoothed", "spline"]);
  for (const { length, smoothedLength = 0, straightLength, smoothedStraightLength = 0 } of found) {
    expect(smoothedLength).toBeGreaterThan(0);
    expect(smoothedLength).toBeLessThan(length);
    expect(smoothedLength).toBeLessThanOrEqual(smoothedStraightLength);
    expect(smoothedStraightLength).toBeLessThan(straightLength);
  }
});

test("a metric says what it lacks", () => {
  expect(geodesics("torus.onnx", "--metric", "smoothed")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("metric smoothed: expected lambda, got none"),
  });
  expect(geodesics("torus.onnx", "--metric", "expected")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("expected latent codes of the data (a model folder), got none"),
  });
  expect(geodesics("torus.onnx", "--lambda", "1")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("lambda and rank are for the metric smoothed"),
  });
});

test("--solver neural: the paper's solver, with its iterations and its boundary", () => {
  const more = ["--solver", "neural", "--iterations", "60", "--boundary", "paper"];
  const run = geodesics("clifford.onnx", ...more);
  expect(run.status).toBe(0);
  const { solver, geodesics: found } = run.result();
  expect(solver).toBe("neural");
  [Math.hypot(1.3, 2.3), Math.hypot(2.5, 0.5)].forEach((length, i) => {
    expect((found[i]?.length as number) / length).toBeGreaterThan(1 - 1e-4);
    expect((found[i]?.length as number) / length).toBeLessThan(1.02);
    expect(found[i]?.iterations).toBeLessThanOrEqual(60);
  });
});

test("--json is one object on standard output that tells where the result is", () => {
  const { stdout } = geodesics("clifford.onnx", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ out: "r.json", pairs: 2, converged: 2 });
});

describe("bad input: one line, nothing written", () => {
  test.each([
    [
      "a pair with too few numbers",
      "0,1,2\n",
      [],
      1,
      /p\.csv: expected rows of 4 numbers, got shape \[1,3\]/,
    ],
    [
      "NaN in a pair",
      "0,1,2,3\n0,nan,2,3\n",
      [],
      1,
      /p\.csv: row 2, column 2: expected a finite number/,
    ],
    [
      "an unknown start",
      "0,1,2,3\n",
      ["--start", "magic"],
      2,
      /--start: expected one of auto, straight/,
    ],
    [
      "a tolerance below zero",
      "0,1,2,3\n",
      ["--tolerance", "-1"],
      2,
      /--tolerance: expected a number above 0/,
    ],
    [
      "an input that is not there",
      "0,1,2,3\n",
      ["--set", "label=1"],
      1,
      /no input is called label; inputs: latent/,
    ],
    [
      "a boundary for a solver that has none",
      "0,1,2,3\n",
      ["--boundary", "paper"],
      2,
      /--boundary: expected with --solver neural, got no --solver/,
    ],
    [
      "no iterations",
      "0,1,2,3\n",
      ["--solver", "neural", "--iterations", "0"],
      2,
      /--iterations: expected a whole number of at least 1/,
    ],
    ["an unknown device", "0,1,2,3\n", ["--device", "abacus"], 1, /abacus/],
  ])("%s", async (_, pairs, more, status, message) => {
    writeFileSync(join(folder, "p.csv"), pairs);
    const run = await pullbackInSession(folder, line("torus.onnx", ...more));
    expect(run.stderr).toMatch(message);
    expect(run.stderr.trim().split("\n")).toHaveLength(1);
    expect(run.status).toBe(status);
    expect(readdirSync(folder)).toEqual(["p.csv"]);
  });

  test("a file that is no decoder", async () => {
    const args = ["geodesics", "p.csv", "--pairs", "p.csv", "--out", "r.json"];
    const run = await pullbackInSession(folder, args);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/p\.csv/);
    expect(run.stderr.trim().split("\n")).toHaveLength(1);
  });

  test("an output that exists", async () => {
    writeFileSync(join(folder, "r.json"), "mine");
    const run = await pullbackInSession(folder, line("torus.onnx"));
    expect(run.stderr).toMatch(/r\.json: it exists; --overwrite replaces it/);
    expect(readFileSync(join(folder, "r.json"), "utf8")).toBe("mine");
  });
});
