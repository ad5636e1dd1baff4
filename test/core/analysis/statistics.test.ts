import {
  InputError,
  leastSquares,
  mean,
  median,
  quantile,
  standardDeviation,
  standardErrorOfMean,
} from "pullback-core";
import { expect, test } from "vitest";

test("mean, median and quantiles of a few numbers", () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(quantile([0, 10], 0.25)).toBe(2.5);
  expect(quantile([3], 0.9)).toBe(3);
  expect(quantile([], 0.5)).toBeNaN();
});

test("spread of a few numbers, and of their mean", () => {
  expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
  expect(standardErrorOfMean([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(5 / 3) / 2, 12);
  expect(standardDeviation([3])).toBeNaN();
});

test("least squares on an exact line, and on points with a known fit", () => {
  const exact = leastSquares([0, 1, 2], [1, 3, 5]);
  expect(exact).toEqual({ slope: 2, intercept: 1, correlation: 1 });
  const fit = leastSquares([0, 1, 2, 3], [0, 1, 1, 2]);
  expect(fit.slope).toBeCloseTo(0.6, 12);
  expect(fit.intercept).toBeCloseTo(0.1, 12);
  expect(fit.correlation).toBeCloseTo(3 / Math.sqrt(10), 12);
});

test("least squares: x that does not vary has a level line and no correlation", () => {
  expect(leastSquares([1, 1], [2, 4])).toEqual({ slope: 0, intercept: 3, correlation: Number.NaN });
  expect(() => leastSquares([1], [1])).toThrow(InputError);
});
