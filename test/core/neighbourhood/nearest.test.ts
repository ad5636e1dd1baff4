/** The k-d tree against comparison with every point. */
import fc from "fast-check";
import { random } from "pullback-core";
import { describe, expect, test } from "vitest";
import { nearest } from "../../../packages/core/src/neighbourhood/nearest.ts";

function cloud(n: number, d: number, seed: number): Float64Array {
  const draw = random(seed, "cloud");
  return Float64Array.from({ length: n * d }, () => draw.normal());
}

/** The k nearest of `points` to each query by sorting all; a point is no neighbour of its own. */
function compared(points: Float64Array, d: number, k: number, queries?: Float64Array): Int32Array {
  const asked = queries ?? points;
  const square = (p: number, q: number): number =>
    Array.from({ length: d }).reduce<number>(
      (sum, _, a) => sum + ((points[p * d + a] as number) - (asked[q * d + a] as number)) ** 2,
      0,
    );
  const table = new Int32Array((asked.length / d) * k).fill(-1);
  for (let q = 0; q < asked.length / d; q++) {
    const others = Array.from({ length: points.length / d }, (_, p) => p)
      .filter((p) => queries || p !== q)
      .map((p) => [p, square(p, q)] as const)
      .sort(([, a], [, b]) => a - b);
    others.slice(0, k).forEach(([p], at) => {
      table[q * k + at] = p;
    });
  }
  return table;
}

/** Distances to the neighbours: indices differ where two are equally far. */
function lengths(
  points: Float64Array,
  d: number,
  table: Int32Array,
  k: number,
  queries = points,
): number[] {
  return Array.from(table, (p, i) => {
    if (p < 0) return -1;
    const q = Math.floor(i / k);
    const steps = Array.from(
      { length: d },
      (_, a) => (points[p * d + a] as number) - (queries[q * d + a] as number),
    );
    return Number(Math.hypot(...steps).toFixed(9));
  });
}

describe("nearest", () => {
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
          const table = nearest(points, d, k);
          const expected = compared(points, d, k);
          expect(lengths(points, d, table, k)).toEqual(lengths(points, d, expected, k));
          table.forEach((p, i) => {
            expect(p).not.toBe(Math.floor(i / k));
          });
          const queries = cloud(7, d, seed + 1);
          const asked = nearest(points, d, k, { queries });
          expect(lengths(points, d, asked, k, queries)).toEqual(
            lengths(points, d, compared(points, d, k, queries), k, queries),
          );
        },
      ),
      { numRuns: 60, seed: 4 },
    );
  });

  test("with few leaves finds most of them", () => {
    const [n, d, k] = [2000, 6, 10];
    const points = cloud(n, d, 9);
    const exact = compared(points, d, k);
    const found = nearest(points, d, k, { leaves: 40 });
    let hits = 0;
    for (let i = 0; i < n; i++) {
      const wanted = new Set(exact.subarray(i * k, (i + 1) * k));
      for (const p of found.subarray(i * k, (i + 1) * k)) hits += Number(wanted.has(p));
    }
    expect(hits / (n * k)).toBeGreaterThan(0.85);
    expect(hits).toBeLessThan(n * k);
  });
});
