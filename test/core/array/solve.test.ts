import fc from "fast-check";
import { expect, test } from "vitest";
import {
  determinant,
  innerProduct,
  orthonormalFrame,
  solveGeneral,
  solvePositive,
} from "../../../packages/core/src/array/solve.ts";

const system = fc.integer({ min: 1, max: 6 }).chain((d) =>
  fc.record({
    d: fc.constant(d),
    A: fc
      .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: d * d, maxLength: d * d })
      .map((numbers) => Float64Array.from(numbers)),
    b: fc
      .array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: d, maxLength: d })
      .map((numbers) => Float64Array.from(numbers)),
  }),
);

const times = (A: Float64Array, x: Float64Array): Float64Array =>
  x.map((_, k) => x.reduce((sum, y, l) => sum + (A[k * x.length + l] as number) * y, 0));

test("a general system is solved, or has no full rank", () => {
  fc.assert(
    fc.property(system, ({ d, A, b }) => {
      const x = solveGeneral(A, d, b);
      if (!x || Math.max(...x.map(Math.abs)) > 1e6) return;
      times(A, x).forEach((y, k) => {
        expect(y).toBeCloseTo(b[k] as number, 7);
      });
    }),
    { seed: 5 },
  );
  expect(solveGeneral(Float64Array.of(0, 1, 1, 0), 2, Float64Array.of(3, 4))).toEqual(
    Float64Array.of(4, 3),
  );
  expect(solveGeneral(Float64Array.of(1, 2, 2, 4), 2, Float64Array.of(1, 1))).toBeNull();
  expect(solveGeneral(Float64Array.of(Number.NaN), 1, Float64Array.of(1))).toBeNull();
});

test("a positive system is solved where it stands, and refused where a pivot is rounding", () => {
  const matrices = Float64Array.of(7, 7, 7, 7, 4, 1, 1, 3);
  const x = solvePositive(matrices, 4, Float64Array.of(1, 2)) as Float64Array;
  expect(x[0]).toBeCloseTo(1 / 11, 14);
  expect(x[1]).toBeCloseTo(7 / 11, 14);
  expect(solvePositive(Float64Array.of(1, 2, 2, 1), 0, Float64Array.of(1, 1))).toBeNull();
  const flat = Float64Array.of(1, 1, 1, 1 + 1e-9);
  expect(solvePositive(flat, 0, Float64Array.of(1, 1))).not.toBeNull();
  expect(solvePositive(flat, 0, Float64Array.of(1, 1), 1e-8)).toBeNull();
});

test("the determinant is that of the expansion", () => {
  expect(determinant(Float64Array.of(0, 2, 3, 0), 2)).toBe(-6);
  expect(determinant(Float64Array.of(2, 0, 1, 1, 3, 2, 1, 1, 4), 3)).toBeCloseTo(18, 12);
  expect(determinant(Float64Array.of(1, 2, 2, 4), 2)).toBe(0);
});

test("a frame is orthonormal in its metric", () => {
  const G = Float64Array.of(4, 1, 0.5, 1, 3, -1, 0.5, -1, 2);
  const frame = orthonormalFrame(G, 3) as Float64Array;
  const row = (k: number): Float64Array => frame.subarray(3 * k, 3 * k + 3);
  for (let k = 0; k < 3; k++)
    for (let l = 0; l < 3; l++)
      expect(innerProduct(G, 0, row(k), row(l))).toBeCloseTo(k === l ? 1 : 0, 13);
  expect(orthonormalFrame(Float64Array.of(1, 1, 1, 1), 2)).toBeNull();
});
