/** Clusters of separated clouds are found; k medoids against all choices, linkages by hand. */
import fc from "fast-check";
import type { Linkage } from "pullback-core";
import { adjustedRand, agglomerative, kMedoids, random } from "pullback-core";
import { describe, expect, test } from "vitest";

const onLine = (places: readonly number[]): Float64Array =>
  Float64Array.from(places.flatMap((a) => places.map((b) => Math.abs(a - b))));

describe("kMedoids", () => {
  test("finds the best medoids of all, for few points", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(),
        (n, k, seed) => {
          fc.pre(k <= n);
          const draw = random(seed, "points");
          const D = onLine(Array.from({ length: n }, () => draw.uniform()));
          const costOf = (medoids: readonly number[]): number =>
            Array.from({ length: n }, (_, i) =>
              Math.min(...medoids.map((m) => D[i * n + m] as number)),
            ).reduce((a, b) => a + b, 0);
          const choices = (from: number, left: number): number[][] =>
            left === 0
              ? [[]]
              : Array.from({ length: n - from }, (_, i) => from + i).flatMap((first) =>
                  choices(first + 1, left - 1).map((rest) => [first, ...rest]),
                );
          const found = kMedoids(D, { clusters: k, starts: 10 });
          expect(found.cost).toBeCloseTo(Math.min(...choices(0, k).map(costOf)), 12);
          expect(found.cost).toBeCloseTo(costOf([...found.medoids]), 12);
          found.labels.forEach((label, i) => {
            const own = D[i * n + (found.medoids[label] as number)] as number;
            for (const m of found.medoids) expect(own).toBeLessThanOrEqual(D[i * n + m] as number);
          });
        },
      ),
      { numRuns: 60, seed: 3 },
    );
  });

  test("refuses more clusters than points", () => {
    expect(() => kMedoids(onLine([1, 2]), { clusters: 3 })).toThrow(
      /expected 1 to 2 clusters, got 3/,
    );
  });
});

describe("agglomerative", () => {
  // Gaps 1, 2, 3 and 4: single linkage cuts the widest; complete looks at whole clusters.
  const D = onLine([0, 1, 3, 6, 10]);
  test.each([
    ["single", 2, [0, 0, 0, 0, 1]],
    ["complete", 2, [0, 0, 0, 1, 1]],
    ["average", 2, [0, 0, 0, 1, 1]],
    ["single", 3, [0, 0, 0, 1, 2]],
    ["average", 5, [0, 1, 2, 3, 4]],
    ["average", 1, [0, 0, 0, 0, 0]],
  ] as const)("%s linkage, %i clusters", (linkage: Linkage, clusters, expected) => {
    expect([...agglomerative(D, { clusters, linkage }).labels]).toEqual(expected);
  });

  test("finds clouds far apart, whatever the linkage", () => {
    const draw = random(5, "clouds");
    const truth = Array.from({ length: 60 }, (_, i) => i % 4);
    const clouds = onLine(truth.map((c) => 20 * c + draw.normal()));
    for (const linkage of ["average", "complete", "single"] as const)
      expect(adjustedRand(agglomerative(clouds, { clusters: 4, linkage }).labels, truth)).toBe(1);
    expect(adjustedRand(kMedoids(clouds, { clusters: 4 }).labels, truth)).toBe(1);
  });
});

test("the adjusted Rand index by hand, and near zero by chance", () => {
  expect(adjustedRand([0, 0, 1, 1], [5, 5, 2, 2])).toBe(1);
  // Pairs together: 2 and 2, both 0 of 6: (0 - 2/3) / (2 - 2/3).
  expect(adjustedRand([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(-0.5, 12);
  const draw = random(6, "chance");
  const labels = () => Array.from({ length: 2000 }, () => draw.integer(5));
  expect(Math.abs(adjustedRand(labels(), labels()))).toBeLessThan(0.01);
});
