/** @file The few summaries that figures and reports state. */
import { InputError } from "../array/errors.ts";

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** With n - 1 below; NaN of fewer than two. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - centre) ** 2;
  return values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : Number.NaN;
}

/** Of the mean of independent values. */
export const standardErrorOfMean = (values: ArrayLike<number>): number =>
  standardDeviation(values) / Math.sqrt(values.length);

/** Quantile q in [0, 1], linear between the order statistics; NaN of nothing. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (at - Math.floor(at)) * (high - low);
}

export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

export interface Fit {
  readonly slope: number;
  readonly intercept: number;
  /** Pearson's r; NaN where x or y does not vary. */
  readonly correlation: number;
}

/** Least-squares line of y over x. Throws `InputError` on fewer than two points. */
export function leastSquares(x: ArrayLike<number>, y: ArrayLike<number>): Fit {
  if (x.length !== y.length || x.length < 2)
    throw new InputError(
      `least squares: expected two points or more, got ${x.length} and ${y.length}`,
    );
  const [mx, my] = [mean(x), mean(y)];
  let [sxx, sxy, syy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [(x[i] as number) - mx, (y[i] as number) - my];
    sxx += dx * dx;
    sxy += dx * dy;
    syy += dy * dy;
  }
  const slope = sxx > 0 ? sxy / sxx : 0;
  return { slope, intercept: my - slope * mx, correlation: sxy / Math.sqrt(sxx * syy) };
}
