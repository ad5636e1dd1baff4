import { nativeEngine } from "pullback";
import type { SmoothingRow } from "pullback-core";
import {
  chooseLambda,
  evaluator,
  lambdaGrid,
  measure,
  programCache,
  resample,
  smoothed,
  smoothingTable,
  straightCurve,
} from "pullback-core";
import { expect, test } from "vitest";
import { linear, swissRoll } from "../../reference/surfaces.ts";

const cache = programCache(nativeEngine({ threads: 1 }));

/** On the swiss roll G = diag(1 + t^2, 1): lengths along the axes are integrals of one number. */
const metric = swissRoll.metric("float64");
const along = straightCurve([2, 1], [6, 1]);
const across = straightCurve([3, 0], [3, 2]);

test("lengths are those of the smoothed metric's own graph", async () => {
  const lambdas = [0, 5, 1e4];
  const rows = await smoothingTable({ cache, metric, straight: [along], data: [across], lambdas });
  for (const { lambda, straight, data } of rows) {
    const own = evaluator(cache, smoothed(metric, { lambda }));
    const curves = [along, across].map((curve) => resample(Float64Array.from(curve.flat()), 2, 64));
    const [a, b] = await measure(own, curves, 1e-8);
    expect(straight[0]).toBeCloseTo(a?.length as number, 4);
    expect(data[0]).toBeCloseTo(b?.length as number, 8);
  }
  expect(rows[0]?.ratio).toBeCloseTo(
    (rows[0]?.data[0] as number) / (rows[0]?.straight[0] as number),
  );
});

test("with rank 1 a way along the smaller singular value costs nothing", async () => {
  const [row] = await smoothingTable({
    ...{ cache, metric, straight: [along], data: [across] },
    lambdas: [0],
    rank: 1,
  });
  expect(row?.data[0]).toBeCloseTo(0, 12);
  expect(row?.straight[0]).toBeCloseTo(swissRoll.distance([2, 1], [6, 1]), 3);
});

test("the grid of lambdas is zero and decades from that of the squared largest singular value", async () => {
  // W W^T has the eigenvalues 5.69 and 3.16: the square of the larger one is 32.
  const grid = await lambdaGrid(cache, linear.metric("float64"), Float64Array.of(0, 0, 1, 1));
  expect(grid[0]).toBe(0);
  expect(grid.slice(1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => 10 ** k));
});

const row = (lambda: number, ratio: number): SmoothingRow => ({
  lambda,
  ratio,
  straight: [1],
  data: [ratio],
});

test("the rule takes the first lambda from which the next brings less than a tenth", () => {
  const falling = [row(0, 1.35), row(1e4, 1.02), row(1e5, 0.83), row(1e6, 0.61), row(1e7, 0.475)];
  expect(chooseLambda([...falling, row(1e8, 0.44)])).toBe(1e7);
  // Nothing settles: the last one there is.
  expect(chooseLambda(falling)).toBe(1e7);
  // What zero brings does not count, and a ratio that rises has settled.
  expect(chooseLambda([row(0, 2), row(1, 1), row(10, 1.2)])).toBe(1);
  expect(() => chooseLambda([row(0, 1)])).toThrow("expected a lambda above 0");
});

test("refuses unequal numbers of curves", async () => {
  await expect(
    smoothingTable({ cache, metric, straight: [along], data: [], lambdas: [1] }),
  ).rejects.toThrow("expected as many paths along the data as straight lines, got 0 and 1");
});
