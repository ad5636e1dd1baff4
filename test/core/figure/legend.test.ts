import { expect, test } from "vitest";
import { logTicks, swatchRows, tickLabel } from "../../../packages/core/src/figure/legend.ts";

test.each([
  [1, 10, [1, 2, 5, 10]],
  [0.02, 3, [0.03, 0.1, 0.3, 1, 3]],
  [1.2, 2.1, [1.5, 2]],
])("ticks from %d to %d", (low, high, expected) => {
  expect(logTicks(low, high)).toEqual(expected);
});

test("many decades get few ticks", () => {
  expect(logTicks(1e-20, 1e10).length).toBeLessThan(9);
});

test("numbers that need no zeros counted", () => {
  expect([0, 0.03, 1, 3000, 1e-7, 2e8].map(tickLabel)).toEqual([
    "0",
    "0.03",
    "1",
    "3000",
    "1e-7",
    "2e8",
  ]);
});

test("ten digits take two rows of a narrow legend", () => {
  const entries = Array.from({ length: 10 }, (_, i) => ({ name: String(i), colour: "#000000" }));
  expect(swatchRows(entries, 213)).toBe(2);
  expect(swatchRows(entries, 10)).toBe(10);
});
