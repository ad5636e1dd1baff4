import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random, readNpy, writeNpy } from "pullback-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pullback } from "./run.ts";
import { pullbackInSession } from "./session.ts";

const fixture = fileURLToPath(new URL("../../fixtures/clifford.onnx", import.meta.url));
let folder: string;
const at = (name: string): string => join(folder, name);
const n = 60;
const classOf = (i: number): number => i % 3;

/** Three rings one inside the other, far from one another along the matrix, not in the plane. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pullback-analysis-"));
  const draw = random(2, "rings");
  const turns = Array.from({ length: n }, () => 2 * Math.PI * draw.uniform());
  const codes = Float64Array.from(
    turns.flatMap((t, i) => [(1 + classOf(i)) * Math.cos(t), (1 + classOf(i)) * Math.sin(t)]),
  );
  // Along a ring the angle counts, from ring to ring a long way.
  const rings = Float32Array.from({ length: n * n }, (_, index) => {
    const [i, j] = [Math.floor(index / n), index % n];
    const apart = Math.abs((turns[i] as number) - (turns[j] as number));
    return Math.min(apart, 2 * Math.PI - apart) + 20 * Math.abs(classOf(i) - classOf(j));
  });
  writeFileSync(at("d.npy"), writeNpy({ type: "float32", shape: [n, n], data: rings }));
  writeFileSync(at("z.npy"), writeNpy({ type: "float64", shape: [n, 2], data: codes }));
  writeFileSync(at("c.csv"), Array.from({ length: n }, (_, i) => `${classOf(i)}\n`).join(""));
  copyFileSync(fixture, at("clifford.onnx"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  const outcome = pullback(folder, args);
  return { ...outcome, json: () => JSON.parse(outcome.stdout) as Record<string, never> };
}
const both = ["--latents", "z.npy", "--labels", "c.csv"];

describe("what one does with distances", () => {
  test("cluster: what the metric tells apart, and the plane does not", () => {
    const { status, json } = run(
      "cluster",
      "d.npy",
      "--clusters",
      "3",
      ...both,
      "--out",
      "k.npy",
      "--json",
    );
    expect(status).toBe(0);
    expect(json()).toMatchObject({ agreement: 1 });
    expect((json().euclidean as unknown as { agreement: number }).agreement).toBeLessThan(0.5);
    const labels = readNpy(readFileSync(at("k.npy"))).data;
    for (let i = 3; i < n; i++) expect(labels[i]).toBe(labels[i % 3]);
    const figure = run(
      "cluster",
      "d.npy",
      "--clusters",
      "3",
      "--method",
      "average",
      ...both,
      "--out",
      "k.svg",
    );
    expect(figure.stdout).toContain("agreement with classes 1.00");
    const svg = readFileSync(at("k.svg"), "utf8");
    expect(svg).toContain("Along the manifold");
    expect(svg).toContain("Euclidean in latent space");
  });

  test("neighbours: those of the matrix, and how well they tell the class", () => {
    const { status, stdout } = run("neighbours", "d.npy", "--k", "3", ...both, "--out", "n.json");
    expect(status).toBe(0);
    expect(stdout).toContain("3 nearest of 60 codes tell 100.0 ± 0.0 % of the classes; Euclidean ");
    const found = JSON.parse(readFileSync(at("n.json"), "utf8"));
    expect(found.predictions).toEqual(Array.from({ length: n }, (_, i) => classOf(i)));
    const distances = readNpy(readFileSync(at("d.npy"))).data as Float32Array;
    found.neighbours.forEach((near: number[], i: number) => {
      const row = Array.from(distances.subarray(i * n, (i + 1) * n));
      const sorted = row.filter((_, j) => j !== i).sort((a, b) => a - b);
      expect(near.map((j) => row[j])).toEqual(sorted.slice(0, 3));
    });
    expect(found.euclidean.accuracy).toBeLessThan(1);
  });

  test("embed: stress of both, points as .csv", () => {
    const { status, json } = run(
      "embed",
      "d.npy",
      "--method",
      "smacof",
      ...both,
      "--out",
      "e.csv",
      "--json",
    );
    expect(status).toBe(0);
    const { stress, euclidean } = json() as unknown as { stress: number; euclidean: number };
    // Codes of the plane are kept by the plane.
    expect(euclidean).toBeLessThan(1e-6);
    expect(stress).toBeGreaterThan(0.01);
    const lines = readFileSync(at("e.csv"), "utf8").trim().split("\n");
    expect([lines[0], lines.length]).toEqual(["x1,x2", n + 1]);
  });

  test("mean: on a torus that is flat, the mean of the coordinates", () => {
    writeFileSync(at("few.csv"), "0.1,0.2\n0.9,0.3\n0.4,1.1\n");
    const { status } = run(
      "mean",
      "clifford.onnx",
      "--latents",
      "few.csv",
      "--threads",
      "1",
      "--out",
      "m.json",
    );
    expect(status).toBe(0);
    const { mean, euclidean, status: state } = JSON.parse(readFileSync(at("m.json"), "utf8"));
    expect(state).toBe("converged");
    [1.4 / 3, 1.6 / 3].forEach((value, k) => {
      expect(mean[k]).toBeCloseTo(value, 2);
      expect(euclidean.mean[k]).toBeCloseTo(value, 6);
    });
  });

  test.each([
    [
      ["cluster", "z.npy", "--clusters", "2", "--out", "r.csv"],
      1,
      /z\.npy: expected distances of all pairs, n x n, got shape \[60,2\]/,
    ],
    [
      ["cluster", "d.npy", "--clusters", "61", "--out", "r.csv"],
      1,
      /expected 1 to 60 clusters, got 61/,
    ],
    [
      ["neighbours", "d.npy", "--labels", "z.npy", "--out", "r.csv"],
      1,
      /z\.npy: expected 60 classes/,
    ],
    [["embed", "d.npy", "--out", "r.txt"], 2, /--out: expected a file ending in/],
    [
      ["neighbours", "hole.npy", "--labels", "l.csv", "--out", "r.csv"],
      1,
      /hole\.npy: expected distances, got NaN in row 1, column 2 \(from 0\)/,
    ],
    [["embed", "none.zarr", "--out", "r.csv"], 1, /none\.zarr: expected a zarr array/],
  ])("refuses %j", async (args, status, message) => {
    const hole = Float32Array.of(0, 1, 2, 1, 0, Number.NaN, 2, Number.NaN, 0);
    writeFileSync(at("hole.npy"), writeNpy({ type: "float32", shape: [3, 3], data: hole }));
    writeFileSync(at("l.csv"), "0\n1\n1\n");
    const outcome = await pullbackInSession(folder, args);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.status).toBe(status);
  });
});
