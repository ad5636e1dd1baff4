import { InputError } from "pullback-core";
import { expect, test } from "vitest";
import { randomPairs } from "../../../packages/pullback/src/report/pairs.ts";

test("pairs are of two different codes, the same for the same seed", () => {
  const pairs = randomPairs(50, { count: 200, seed: 1 });
  expect(pairs).toHaveLength(200);
  for (const [a, b] of pairs) expect(a).not.toBe(b);
  expect(randomPairs(50, { count: 200, seed: 1 })).toEqual(pairs);
  expect(randomPairs(50, { count: 200, seed: 2 })).not.toEqual(pairs);
});

test("with values, the two of a pair differ in them", () => {
  const values = [1, 1, 1, 2];
  for (const [a, b] of randomPairs(4, { count: 20, seed: 1, values }))
    expect(values[a]).not.toBe(values[b]);
});

test.each([
  [1, undefined],
  [3, [5, 5, 5]],
])("%d codes with values %j have no pair", (n, values) => {
  expect(() => randomPairs(n, { count: 2, seed: 1, values })).toThrow(InputError);
});
