/**
 * @file Small dense algebra in float64, and block-tridiagonal systems made of it.
 *
 * Matrices are d x d, row-major, d up to a few hundred; the d = 2 of most latent spaces runs
 * through the same loops.
 */

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

/**
 * Solves H x = b by block Cholesky, b: [n, d]. Null when H is not positive definite, which makes
 * it the test of inertia as well.
 */
export function solveBlockTridiagonal(
  { d, diagonal, above }: BlockTridiagonal,
  b: Float64Array,
): Float64Array | null {
  const n = b.length / d;
  const dd = d * d;
  const factor = diagonal.slice();
  const coupling = above.slice();
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    const at = i * dd;
    if (i > 0) {
      // M_i = D_i - O^T M^-1 O with W = L^-1 O: subtract W^T W, and W^T y from the right side.
      const w = (i - 1) * dd;
      for (let r = 0; r < d; r++) {
        for (let c = 0; c <= r; c++) {
          let sum = 0;
          for (let k = 0; k < d; k++)
            sum += (coupling[w + k * d + r] as number) * (coupling[w + k * d + c] as number);
          factor[at + r * d + c] = (factor[at + r * d + c] as number) - sum;
        }
        let sum = 0;
        for (let k = 0; k < d; k++)
          sum += (coupling[w + k * d + r] as number) * (x[(i - 1) * d + k] as number);
        x[i * d + r] = (x[i * d + r] as number) - sum;
      }
    }
    if (!cholesky(factor, d, at)) return null;
    forward(factor, d, at, x, i * d, 1);
    if (i < n - 1) forward(factor, d, at, coupling, at, d);
  }
  for (let i = n - 1; i >= 0; i--) {
    if (i < n - 1)
      for (let r = 0; r < d; r++) {
        let sum = 0;
        for (let k = 0; k < d; k++)
          sum += (coupling[i * dd + r * d + k] as number) * (x[(i + 1) * d + k] as number);
        x[i * d + r] = (x[i * d + r] as number) - sum;
      }
    backward(factor, d, i * dd, x, i * d, 1);
  }
  return x;
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
