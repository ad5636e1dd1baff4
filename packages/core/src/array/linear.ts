/**
 * @file Small dense algebra in float64, and block-tridiagonal systems made of it.
 *
 * Matrices are d x d, row-major, d up to a few hundred; the d = 2 of most latent spaces runs
 * through the same loops.
 */

import { symmetricEigen } from "./eigen.ts";

/** Cholesky factor L in place of the lower triangle; false when the matrix is not positive definite. */
export function cholesky(matrix: Float64Array, d: number, at = 0): boolean {
  for (let j = 0; j < d; j++) {
    let pivot = matrix[at + j * d + j] as number;
    for (let k = 0; k < j; k++) pivot -= (matrix[at + j * d + k] as number) ** 2;
    if (!(pivot > 0)) return false;
    const root = Math.sqrt(pivot);
    matrix[at + j * d + j] = root;
    for (let i = j + 1; i < d; i++) {
      let sum = matrix[at + i * d + j] as number;
      for (let k = 0; k < j; k++)
        sum -= (matrix[at + i * d + k] as number) * (matrix[at + j * d + k] as number);
      matrix[at + i * d + j] = sum / root;
    }
  }
  return true;
}

/** Solves L y = b in place; b is [d, columns] from `from`. */
export function forward(
  factor: Float64Array,
  d: number,
  at: number,
  b: Float64Array,
  from: number,
  columns: number,
): void {
  for (let c = 0; c < columns; c++)
    for (let i = 0; i < d; i++) {
      let sum = b[from + i * columns + c] as number;
      for (let k = 0; k < i; k++)
        sum -= (factor[at + i * d + k] as number) * (b[from + k * columns + c] as number);
      b[from + i * columns + c] = sum / (factor[at + i * d + i] as number);
    }
}

/** Solves L^T y = b in place; b is [d, columns] from `from`. */
export function backward(
  factor: Float64Array,
  d: number,
  at: number,
  b: Float64Array,
  from: number,
  columns: number,
): void {
  for (let c = 0; c < columns; c++)
    for (let i = d - 1; i >= 0; i--) {
      let sum = b[from + i * columns + c] as number;
      for (let k = i + 1; k < d; k++)
        sum -= (factor[at + k * d + i] as number) * (b[from + k * columns + c] as number);
      b[from + i * columns + c] = sum / (factor[at + i * d + i] as number);
    }
}

/** A symmetric block-tridiagonal matrix of n blocks a side. */
export interface BlockTridiagonal {
  readonly d: number;
  /** Blocks on the diagonal, [n, d, d]. */
  readonly diagonal: Float64Array;
  /** Blocks above it, between i and i + 1, [n - 1, d, d]. */
  readonly above: Float64Array;
}

/** H with a share of the mean of its diagonal added to each diagonal block (Levenberg's damping). */
export function damped(matrix: BlockTridiagonal, share: number): BlockTridiagonal {
  const { d } = matrix;
  const diagonal = matrix.diagonal.slice();
  for (let at = 0; at < diagonal.length; at += d * d) {
    let trace = 0;
    for (let k = 0; k < d; k++) trace += diagonal[at + k * d + k] as number;
    // A block of zeros (the decoder does not move there) still needs a pivot.
    const weight = (share * trace) / d || Number.MIN_VALUE * 2 ** 60;
    for (let k = 0; k < d; k++)
      diagonal[at + k * d + k] = (diagonal[at + k * d + k] as number) + weight;
  }
  return { ...matrix, diagonal };
}

/** Block Cholesky of a block-tridiagonal matrix, as far as it goes. */
interface Elimination {
  /** L_i of the Schur complements M_i = D_i - O^T M^-1 O = L_i L_i^T, lower triangles, [n, d, d]. */
  readonly factor: Float64Array;
  /** L_i^-1 O_i, [n - 1, d, d]. */
  readonly coupling: Float64Array;
  /** Blocks before the first M_i that is not positive definite; n where all are. */
  readonly positive: number;
  /** That M_i, [d, d]. */
  readonly failed: Float64Array | null;
}

function eliminate({ d, diagonal, above }: BlockTridiagonal): Elimination {
  const dd = d * d;
  const n = diagonal.length / dd;
  const factor = diagonal.slice();
  const coupling = above.slice();
  const schur = new Float64Array(dd);
  for (let i = 0; i < n; i++) {
    const at = i * dd;
    if (i > 0) {
      // With W = L^-1 O of the block before: subtract W^T W.
      const w = (i - 1) * dd;
      for (let r = 0; r < d; r++)
        for (let c = 0; c <= r; c++) {
          let sum = 0;
          for (let k = 0; k < d; k++)
            sum += (coupling[w + k * d + r] as number) * (coupling[w + k * d + c] as number);
          factor[at + r * d + c] = (factor[at + r * d + c] as number) - sum;
        }
    }
    schur.set(factor.subarray(at, at + dd));
    if (!cholesky(factor, d, at)) return { factor, coupling, positive: i, failed: schur };
    if (i < n - 1) forward(factor, d, at, coupling, at, d);
  }
  return { factor, coupling, positive: n, failed: null };
}

/**
 * Solves H x = b by block Cholesky, b: [n, d]. Null when H is not positive definite, which makes
 * it the test of inertia as well.
 */
export function solveBlockTridiagonal(
  matrix: BlockTridiagonal,
  b: Float64Array,
): Float64Array | null {
  const { d } = matrix;
  const n = b.length / d;
  const dd = d * d;
  const { factor, coupling, positive } = eliminate(matrix);
  if (positive < n) return null;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    if (i > 0)
      for (let r = 0; r < d; r++) {
        let sum = 0;
        for (let k = 0; k < d; k++)
          sum += (coupling[(i - 1) * dd + k * d + r] as number) * (x[(i - 1) * d + k] as number);
        x[i * d + r] = (x[i * d + r] as number) - sum;
      }
    forward(factor, d, i * dd, x, i * d, 1);
  }
  for (let i = n - 1; i >= 0; i--) backwardBlock(factor, coupling, d, i, x);
  return x;
}

/** x_i = L_i^-T (x_i - L_i^-1 O_i x_{i+1}), in place. */
function backwardBlock(
  factor: Float64Array,
  coupling: Float64Array,
  d: number,
  i: number,
  x: Float64Array,
): void {
  if ((i + 1) * d < x.length)
    for (let r = 0; r < d; r++) {
      let sum = 0;
      for (let k = 0; k < d; k++)
        sum += (coupling[(i * d + r) * d + k] as number) * (x[(i + 1) * d + k] as number);
      x[i * d + r] = (x[i * d + r] as number) - sum;
    }
  backward(factor, d, i * d * d, x, i * d, 1);
}

/**
 * A direction p along which a matrix curves down, p^T H p < 0, [n, d]; null where there is none. It
 * ends at the first block whose Schur complement M is not positive: there it is the eigenvector of the
 * least eigenvalue of M, and before it what makes p^T H p that eigenvalue.
 */
export function fallingDirection(matrix: BlockTridiagonal): Float64Array | null {
  const { d } = matrix;
  const { factor, coupling, positive, failed } = eliminate(matrix);
  if (!failed?.every(Number.isFinite)) return null;
  for (let r = 0; r < d; r++)
    for (let c = r + 1; c < d; c++) failed[r * d + c] = failed[c * d + r] as number;
  const { values, vectors } = symmetricEigen(failed, d);
  if (!((values[d - 1] as number) < 0)) return null;
  const direction = new Float64Array(matrix.diagonal.length / d);
  direction.set(vectors.subarray((d - 1) * d), positive * d);
  for (let i = positive - 1; i >= 0; i--) backwardBlock(factor, coupling, d, i, direction);
  return direction;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Distance of two points that lie in flat arrays from `i` and `j` on. */
export function distance(
  a: ArrayLike<number>,
  i: number,
  b: ArrayLike<number>,
  j: number,
  d: number,
): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += ((a[i + k] as number) - (b[j + k] as number)) ** 2;
  return Math.sqrt(sum);
}
