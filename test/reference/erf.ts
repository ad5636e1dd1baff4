/** @file The error function in float64, by two series that need no table. */

/**
 * erf(x): up to |x| = 3 the series of positive terms 2/sqrt(pi) e^(-x^2) sum 2^k x^(2k+1) / (2k+1)!!,
 * beyond it one minus the continued fraction of erfc.
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return Number.NaN;
  if (size > 6.5) return Math.sign(x);
  const front = Math.exp(-size * size) / Math.sqrt(Math.PI);
  if (size > 3) {
    let fraction = 0;
    for (let k = 120; k > 0; k--) fraction = k / 2 / (size + fraction);
    return Math.sign(x) * (1 - front / (size + fraction));
  }
  let term = size;
  let total = size;
  for (let k = 1; k < 120; k++) {
    term *= (2 * size * size) / (2 * k + 1);
    total += term;
  }
  return Math.sign(x) * 2 * front * total;
}
