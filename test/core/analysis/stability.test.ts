import fc from "fast-check";
import { InputError, random, stability } from "pullback-core";
import { expect, test } from "vitest";

test("by hand: two models, three pairs", () => {
  const { models, pairs, asMeasured } = stability({
    geodesic: [
      [1, 2, 3],
      [1, 2, 5],
    ],
    euclidean: [
      [1, 1, 4],
      [3, 2, 4],
    ],
  });
  expect([models, pairs]).toEqual([2, 3]);
  // Standard deviation of two numbers is their distance over the root of two.
  const cv = (a: number, b: number): number => (Math.SQRT2 * Math.abs(a - b)) / (a + b);
  expect([...asMeasured.geodesic]).toEqual([0, 0, expect.closeTo(cv(3, 5), 12)]);
  expect([...asMeasured.euclidean]).toEqual([
    expect.closeTo(cv(1, 3), 12),
    expect.closeTo(cv(1, 2), 12),
    0,
  ]);
  expect(asMeasured.geodesicSteadier).toBeCloseTo(2 / 3, 12);
  expect(asMeasured.quartiles.euclidean[1]).toBeCloseTo(cv(1, 2), 12);
  expect(asMeasured.quartiles.geodesic).toEqual([0, 0, expect.closeTo(cv(3, 5) / 2, 12)]);
  // |0.707|, |0.471| and |-0.354|: ranks 3 and 2 of 6 for Euclidean.
  expect(asMeasured.test).toMatchObject({ pairs: 3, sum: 5, exact: true });
  expect(asMeasured.test.p).toBeCloseTo(4 / 8, 12);
});

test("a model's own scale does not count once it is divided out", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 3, maxLength: 3 }),
      ([a, b, c]) => {
        const list = [1, 2.5, 4, 7];
        const scaledBy = (s: number | undefined): number[] => list.map((x) => x * (s ?? 1));
        const { asMeasured, scaled } = stability({
          geodesic: [list, list, list],
          euclidean: [scaledBy(a), scaledBy(b), scaledBy(c)],
        });
        expect(Math.max(...scaled.euclidean)).toBeLessThan(1e-12);
        expect(Math.max(...asMeasured.geodesic)).toBe(0);
        if (Math.abs((a as number) - (b as number)) > 0.1)
          expect(asMeasured.geodesicSteadier).toBe(1);
      },
    ),
  );
});

test("forty pairs of which one kind varies by 5 %, the other by 20 %", () => {
  const draw = random(4, "stability");
  const truth = Array.from({ length: 40 }, () => 1 + 5 * draw.uniform());
  const noisy = (share: number): number[] => truth.map((x) => x * (1 + share * draw.normal()));
  const found = stability({
    geodesic: Array.from({ length: 5 }, () => noisy(0.05)),
    euclidean: Array.from({ length: 5 }, () => noisy(0.2)),
  });
  for (const { quartiles, geodesicSteadier, test } of [found.asMeasured, found.scaled]) {
    expect(quartiles.geodesic[1]).toBeGreaterThan(0.03);
    expect(quartiles.geodesic[1]).toBeLessThan(0.065);
    expect(quartiles.euclidean[1]).toBeGreaterThan(0.13);
    expect(quartiles.euclidean[1]).toBeLessThan(0.24);
    expect(geodesicSteadier).toBeGreaterThan(0.9);
    expect(test.p).toBeLessThan(1e-8);
  }
});

test.each([
  [{ geodesic: [[1]], euclidean: [[1]] }, "two models or more, got 1"],
  [{ geodesic: [[1], [1]], euclidean: [[1]] }, "got 2 geodesic and 1 Euclidean"],
  [{ geodesic: [[1, 2], [1]], euclidean: [[1], [1]] }, "expected 2 geodesic distances of model 1"],
  [{ geodesic: [[], []], euclidean: [[], []] }, "expected some geodesic distances"],
  [
    {
      geodesic: [[1], [1]],
      euclidean: [[1], [0]],
    },
    "Euclidean distances above 0, got 0 for pair 0 of model 1",
  ],
])("refuses %j", (distances, message) => {
  expect(() => stability(distances)).toThrow(InputError);
  expect(() => stability(distances)).toThrow(message);
});
