import type { GeodesicResult } from "pullback-core";
import { summarise, telling } from "pullback-core";
import { expect, test } from "vitest";
import { result } from "../../pullback/report/example.ts";

const like = (change: Partial<GeodesicResult>): GeodesicResult => ({
  ...(result.geodesics[0] as GeodesicResult),
  ...change,
});

test("a few numbers over all pairs", () => {
  const summary = summarise([
    like({ length: 1, straightLength: 2, residual: 1e-9 }),
    like({ length: 3, straightLength: 4, residual: 1e-3, status: "stalled" }),
    like({ length: 5, straightLength: 4.9, discretisationError: 0 }),
    like({ length: 5, straightLength: 4.9, discretisationError: 0.2 }),
  ]);
  expect(summary).toMatchObject({
    pairs: 4,
    meanLength: 3.5,
    medianLength: 4,
    converged: 0.75,
    largestResidual: 1e-3,
    longerThanStraight: 1,
  });
  expect(summary.ratio).toBeCloseTo(14 / 15.8, 12);
});

test("the telling pair is a converged one, without equal ends", () => {
  const pairs = [
    like({ length: 1, straightLength: 9, status: "maxIterations" }),
    like({ length: 0, straightLength: 0 }),
    like({ length: 1, straightLength: 1 }),
    like({ length: 1, straightLength: 2 }),
    like({ length: 1, straightLength: 3 }),
  ];
  expect(telling(pairs)).toBe(3);
  expect(telling(pairs.slice(0, 2))).toBe(0);
  expect(telling([])).toBe(0);
});
