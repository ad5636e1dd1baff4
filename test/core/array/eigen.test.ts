import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { convexPart, symmetricEigen } from "../../../packages/core/src/array/eigen.ts";

const symmetric = fc.integer({ min: 1, max: 6 }).chain((d) =>
  fc
    .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: d * d, maxLength: d * d })
    .map((numbers) => {
      const at = (k: number, l: number): number =>
        numbers[Math.min(k, l) * d + Math.max(k, l)] ?? 0;
      const matrix = Float64Array.from({ length: d * d }, (_, i) => at(Math.floor(i / d), i % d));
      return { d, matrix };
    }),
);

describe("eigenvalues and eigenvectors", () => {
  test("make the matrix again, in falling order, from orthonormal rows", () => {
    fc.assert(
      fc.property(symmetric, ({ d, matrix }) => {
        const { values, vectors } = symmetricEigen(matrix, d);
        const row = (k: number): number[] => [...vectors.subarray(k * d, (k + 1) * d)];
        for (let k = 0; k < d; k++)
          for (let l = 0; l < d; l++) {
            const product = row(k).reduce((sum, x, i) => sum + x * (row(l)[i] as number), 0);
            expect(product).toBeCloseTo(k === l ? 1 : 0, 12);
            let entry = 0;
            for (let i = 0; i < d; i++)
              entry += (values[i] as number) * (row(i)[k] as number) * (row(i)[l] as number);
            expect(entry).toBeCloseTo(matrix[k * d + l] as number, 11);
          }
        expect([...values]).toEqual([...values].sort((a, b) => b - a));
      }),
      { seed: 3 },
    );
  });

  test("of a matrix inside a larger array; the greatest entry of a vector is positive", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(9, 9, 2, 1, 1, 2), 2, 2);
    expect([...values].map((x) => Number(x.toFixed(12)))).toEqual([3, 1]);
    expect(vectors[0]).toBeCloseTo(Math.SQRT1_2, 12);
    expect(Math.max(...vectors.subarray(2))).toBeCloseTo(Math.SQRT1_2, 12);
  });

  test("that differ by many orders keep their digits", () => {
    const { values } = symmetricEigen(Float64Array.of(1e12, 1, 1, 1e-6), 2);
    // The determinant is 1e6 - 1.
    expect((values[0] as number) * (values[1] as number)).toBeCloseTo(1e6 - 1, 3);
  });
});

test("the convex part keeps positive eigenvalues and drops the others", () => {
  const matrix = Float64Array.of(1, 2, 2, 1);
  expect(convexPart(matrix, 2)).toBe(true);
  matrix.forEach((x) => {
    expect(x).toBeCloseTo(1.5, 12);
  });
  const positive = Float64Array.of(2, 1, 1, 2);
  convexPart(positive, 2);
  expect([...positive]).toEqual([2, 1, 1, 2]);
  expect(convexPart(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).toBe(false);
});
