/** The k-d tree against comparison with every point, and fast searches against those with paths. */
import fc from "fast-check";
import { distancesOn, random } from "pullback-core";
import { describe, expect, test } from "vitest";
import { nearest } from "../../../packages/core/src/neighbourhood/nearest.ts";
import { shortestPaths } from "../../../packages/core/src/neighbourhood/shortest.ts";
import { sparseGraph } from "../../../packages/core/src/neighbourhood/sparse.ts";
import { nearestByTree } from "../../../packages/core/src/neighbourhood/tree.ts";

function cloud(n: number, d: number, seed: number): Float64Array {
  const draw = random(seed, "cloud");
  return Float64Array.from({ length: n * d }, () => draw.normal());
}

/** Distances to the neighbours: indices differ where two are equally far. */
function lengths(points: Float64Array, d: number, table: Int32Array, k: number): number[] {
  return Array.from(table, (p, i) => {
    if (p < 0) return -1;
    const q = Math.floor(i / k);
    const steps = Array.from(
      { length: d },
      (_, a) => (points[p * d + a] as number) - (points[q * d + a] as number),
    );
    return Number(Math.hypot(...steps).toFixed(9));
  });
}

describe("nearestByTree", () => {
  test("finds what comparison with every point finds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        fc.boolean(),
        (n, d, k, seed, coarse) => {
          // Coarse clouds have equal points and equal distances.
          const points = cloud(n, d, seed).map((x) => (coarse ? Math.round(x) : x));
          const table = nearestByTree(points, d, k);
          const expected = nearest(points, points, d, k, true);
          expect(lengths(points, d, table, k)).toEqual(lengths(points, d, expected, k));
          table.forEach((p, i) => {
            expect(p).not.toBe(Math.floor(i / k));
          });
        },
      ),
      { numRuns: 60, seed: 4 },
    );
  });

  test("with few leaves finds most of them", () => {
    const [n, d, k] = [2000, 6, 10];
    const points = cloud(n, d, 9);
    const exact = nearest(points, points, d, k, true);
    const found = nearestByTree(points, d, k, { leaves: 40 });
    let hits = 0;
    for (let i = 0; i < n; i++) {
      const wanted = new Set(exact.subarray(i * k, (i + 1) * k));
      for (const p of found.subarray(i * k, (i + 1) * k)) hits += Number(wanted.has(p));
    }
    expect(hits / (n * k)).toBeGreaterThan(0.85);
    expect(hits).toBeLessThan(n * k);
  });
});

test("distancesOn answers what searches with paths answer, source after source", () => {
  const draw = random(3, "graph");
  const [vertices, edges] = [300, 900];
  const ends = () => Array.from({ length: edges }, () => draw.integer(vertices));
  const [from, to] = [ends(), ends()];
  const weight = Array.from({ length: edges }, (_, i) => (i % 9 === 0 ? 0 : draw.uniform()));
  const graph = sparseGraph(vertices, from, to, weight);
  const search = distancesOn(graph);
  for (const source of [0, 17, 299, 17])
    expect(search(source)).toEqual(shortestPaths(graph, source).distance);
});
