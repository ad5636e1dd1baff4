/** @file Small dense systems: general ones by elimination with pivoting, positive ones by Cholesky. */
import { backward, cholesky, forward } from "./linear.ts";

/** Solves A x = b for a general A [d, d]. Null where A is singular to the last digit, or not finite. */
export function solveGeneral(A: Float64Array, d: number, b: Float64Array): Float64Array | null {
  const factor = A.slice();
  const x = b.slice();
  for (let k = 0; k < d; k++) {
    exchange(factor, x, d, k, pivotRow(factor, d, k));
    const pivot = factor[k * d + k] as number;
    if (!(Math.abs(pivot) > 0) || !Number.isFinite(pivot)) return null;
    for (let i = k + 1; i < d; i++) {
      const share = (factor[i * d + k] as number) / pivot;
      for (let j = k; j < d; j++)
        factor[i * d + j] = (factor[i * d + j] as number) - share * (factor[k * d + j] as number);
      x[i] = (x[i] as number) - share * (x[k] as number);
    }
  }
  for (let i = d - 1; i >= 0; i--) {
    let sum = x[i] as number;
    for (let j = i + 1; j < d; j++) sum -= (factor[i * d + j] as number) * (x[j] as number);
    x[i] = sum / (factor[i * d + i] as number);
  }
  return x;
}

function pivotRow(factor: Float64Array, d: number, k: number): number {
  let best = k;
  for (let i = k + 1; i < d; i++)
    if (Math.abs(factor[i * d + k] as number) > Math.abs(factor[best * d + k] as number)) best = i;
  return best;
}

function exchange(A: Float64Array, b: Float64Array, d: number, k: number, l: number): void {
  if (k === l) return;
  for (let j = 0; j < d; j++)
    [A[k * d + j], A[l * d + j]] = [A[l * d + j] as number, A[k * d + j] as number];
  [b[k], b[l]] = [b[l] as number, b[k] as number];
}

/**
 * Solves G x = b for the symmetric positive G [d, d] that lies in `matrices` from `at` on. Null
 * where G is not positive definite: a pivot at or below `floor` times its diagonal entry.
 */
export function solvePositive(
  matrices: Float64Array,
  at: number,
  b: Float64Array,
  floor = 0,
): Float64Array | null {
  const d = b.length;
  const factor = matrices.slice(at, at + d * d);
  if (!cholesky(factor, d)) return null;
  for (let k = 0; k < d; k++) {
    const size = matrices[at + k * d + k] as number;
    if ((factor[k * d + k] as number) ** 2 <= floor * size) return null;
  }
  const x = b.slice();
  forward(factor, d, 0, x, 0, 1);
  backward(factor, d, 0, x, 0, 1);
  return x;
}

/** Determinant of A [d, d], by elimination with pivoting. */
export function determinant(A: Float64Array, d: number): number {
  const factor = A.slice();
  const unused = new Float64Array(d);
  let product = 1;
  for (let k = 0; k < d; k++) {
    const row = pivotRow(factor, d, k);
    if (row !== k) product = -product;
    exchange(factor, unused, d, k, row);
    const pivot = factor[k * d + k] as number;
    product *= pivot;
    if (product === 0) return 0;
    for (let i = k + 1; i < d; i++) {
      const share = (factor[i * d + k] as number) / pivot;
      for (let j = k; j < d; j++)
        factor[i * d + j] = (factor[i * d + j] as number) - share * (factor[k * d + j] as number);
    }
  }
  return product;
}

/** u^T G w with the G that lies in `matrices` from `at` on. */
export function innerProduct(
  matrices: Float64Array,
  at: number,
  u: ArrayLike<number>,
  w: ArrayLike<number>,
): number {
  const d = u.length;
  let sum = 0;
  for (let k = 0; k < d; k++)
    for (let l = 0; l < d; l++)
      sum += (u[k] as number) * (matrices[at + k * d + l] as number) * (w[l] as number);
  return sum;
}

/**
 * Vectors that are orthonormal in the symmetric positive G [d, d] that lies in `matrices` from `at`
 * on, one a row: the rows of L^-1 with G = L L^T. Null where G is not positive definite.
 */
export function orthonormalFrame(
  matrices: Float64Array,
  d: number,
  at = 0,
): Float64Array<ArrayBuffer> | null {
  const factor = matrices.slice(at, at + d * d);
  if (!cholesky(factor, d)) return null;
  const frame = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    frame[k * d + k] = 1;
    backward(factor, d, 0, frame, k * d, 1);
  }
  return frame;
}
