import fc from "fast-check";
import { InputError, mcNemar, normalTail, signedRanks } from "pullback-core";
import { describe, expect, test } from "vitest";

describe("Wilcoxon's signed ranks", () => {
  test("the nine patients of Hollander and Wolfe (1973), as in R's help of wilcox.test", () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    expect(signedRanks(before, after)).toEqual({ pairs: 9, sum: 40, p: 0.0390625, exact: true });
    // The other way round the sum is what is left of 45, and the answer the same.
    expect(signedRanks(after, before)).toEqual({ pairs: 9, sum: 5, p: 0.0390625, exact: true });
  });

  test("shared ranks, exactly: all 1024 signs counted by hand in another program", () => {
    const a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const b = [2, 1, 1, 2, 3, 4, 9, 5, 6, 7];
    const { sum, p } = signedRanks(a, b);
    expect(sum).toBe(48.5);
    expect(p).toBeCloseTo(0.037109375, 12);
  });

  test("60 pairs, normal approximation with continuity: SciPy 1.17", () => {
    const index = Array.from({ length: 60 }, (_, i) => i);
    const a = index.map((i) => Math.sin(1.7 * i) + 0.3);
    const b = index.map((i) => 0.9 * Math.cos(i));
    const { sum, p, exact } = signedRanks(a, b);
    expect(sum).toBe(1226);
    expect(exact).toBe(false);
    expect(p).toBeCloseTo(0.022267265050189063, 12);
  });

  test("60 pairs with many shared ranks and 4 equal pairs: SciPy 1.17", () => {
    const index = Array.from({ length: 60 }, (_, i) => i);
    const a = index.map((i) => Math.floor(5 * Math.sin(1.7 * i)));
    const b = index.map((i) => Math.floor(3 * Math.cos(i)));
    const { pairs, sum, p } = signedRanks(a, b);
    expect(pairs).toBe(56);
    expect(sum).toBe(789);
    expect(p).toBeCloseTo(0.9445336294257947, 12);
  });

  test("counting and the normal approximation meet at 50 pairs", () => {
    const a = Array.from({ length: 51 }, (_, i) => (i % 3 === 0 ? -1 : 0.8) * (i + 1.5));
    const counted = signedRanks(a.slice(0, 50), new Float64Array(50));
    const approximated = signedRanks(a, new Float64Array(51));
    expect(counted.exact).toBe(true);
    expect(approximated.exact).toBe(false);
    expect(approximated.p / counted.p).toBeGreaterThan(0.7);
    expect(approximated.p / counted.p).toBeLessThan(1.4);
  });

  test("five pairs in one direction: 2 of 32 signs, however large the differences", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 5, maxLength: 5 }),
        (b) => {
          expect(signedRanks(b, [0, 0, 0, 0, 0]).p).toBe(2 / 32);
        },
      ),
    );
  });

  test("nothing differs, or nothing is there: no evidence", () => {
    expect(signedRanks([1, 2], [1, 2])).toEqual({ pairs: 0, sum: 0, p: 1, exact: true });
    expect(signedRanks([], []).p).toBe(1);
  });

  test("unequal lengths and numbers that are none are refused", () => {
    expect(() => signedRanks([1], [1, 2])).toThrow(InputError);
    expect(() => signedRanks([Number.NaN], [1])).toThrow(InputError);
  });
});

describe("McNemar", () => {
  const cases = (both: number, first: number, second: number) => [
    [...Array(both).fill(1), ...Array(first).fill(1), ...Array(second).fill(0)],
    [...Array(both).fill(1), ...Array(first).fill(0), ...Array(second).fill(1)],
  ];

  test.each([
    [3, 11, 0.057373046875],
    [120, 180, 0.0006342200069283566],
    [0, 5, 2 / 32],
    [4, 4, 1],
    [0, 0, 1],
  ])("%d against %d", (first, second, p) => {
    const [a, b] = cases(40, first, second) as [number[], number[]];
    const found = mcNemar(a, b);
    expect(found).toMatchObject({ onlyFirst: first, onlySecond: second });
    expect(found.p).toBeCloseTo(p, 12);
    expect(mcNemar(b, a).p).toBeCloseTo(p, 12);
  });

  test("unequal lengths are refused", () => {
    expect(() => mcNemar([1], [])).toThrow(InputError);
  });
});

test.each([
  [0, 0.5],
  [0.5, 0.3085375387259869],
  [1, 0.15865525393145707],
  [2, 0.022750131948179195],
  [2.999, 0.0013543365337271057],
  [3, 0.0013498980316300933],
  [5, 2.866515718791933e-7],
  [8, 6.22096057427174e-16],
  [20, 2.7536241186061556e-89],
])("normal tail beyond %d", (z, tail) => {
  expect(Math.abs(normalTail(z) / tail - 1)).toBeLessThan(1e-11);
});
