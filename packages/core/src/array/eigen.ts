/**
 * @file Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations.
 *
 * Sure and exact to the last digits; the cost grows with d^3 times a few sweeps, so it is for the
 * d x d matrices of latent spaces and not for distance matrices.
 */

export interface Eigen {
  /** Eigenvalues, the largest first, [d]. */
  readonly values: Float64Array;
  /** Row k is the eigenvector of value k, of unit length, its greatest entry positive: [d, d]. */
  readonly vectors: Float64Array;
}

const sweeps = 30;

/** Of the symmetric [d, d] matrix that lies in `matrix` from `at` on. */
export function symmetricEigen(matrix: Float64Array, d: number, at = 0): Eigen {
  const a = matrix.slice(at, at + d * d);
  const rows = new Float64Array(d * d);
  for (let k = 0; k < d; k++) rows[k * d + k] = 1;
  for (let sweep = 0; sweep < sweeps && !isDiagonal(a, d); sweep++)
    for (let p = 0; p < d; p++) for (let q = p + 1; q < d; q++) rotate(a, rows, d, p, q);
  const order = Array.from({ length: d }, (_, k) => k).sort(
    (k, l) => (a[l * d + l] as number) - (a[k * d + k] as number),
  );
  const vectors = new Float64Array(d * d);
  order.forEach((from, to) => {
    const row = rows.subarray(from * d, (from + 1) * d);
    const greatest = row.reduce((best, x) => (Math.abs(x) > Math.abs(best) + 1e-9 ? x : best), 0);
    vectors.set(greatest < 0 ? row.map((x) => -x) : row, to * d);
  });
  return { values: Float64Array.from(order, (k) => a[k * d + k] as number), vectors };
}

/**
 * Replaces a symmetric matrix [d, d] by its part without negative eigenvalues. False, and left as
 * it is, where it is not finite.
 */
export function convexPart(matrix: Float64Array, d: number): boolean {
  for (const entry of matrix) if (!Number.isFinite(entry)) return false;
  const { values, vectors } = symmetricEigen(matrix, d);
  if (values.every((value) => value >= 0)) return true;
  for (let k = 0; k < d; k++)
    for (let l = k; l < d; l++) {
      let sum = 0;
      for (let i = 0; i < d; i++)
        if ((values[i] as number) > 0)
          sum +=
            (values[i] as number) * (vectors[i * d + k] as number) * (vectors[i * d + l] as number);
      matrix[k * d + l] = sum;
      matrix[l * d + k] = sum;
    }
  return true;
}

/** Nothing is left outside the diagonal that its neighbours would notice. */
function isDiagonal(a: Float64Array, d: number): boolean {
  for (let p = 0; p < d; p++)
    for (let q = p + 1; q < d; q++) {
      const size = Math.abs(a[p * d + p] as number) + Math.abs(a[q * d + q] as number);
      // Written so that NaN ends the sweeps as well.
      if (Math.abs(a[p * d + q] as number) > 1e-17 * size) return false;
    }
  return true;
}

/** Turns axes p and q so that the entry between them vanishes (Golub and Van Loan, 8.5). */
function rotate(a: Float64Array, rows: Float64Array, d: number, p: number, q: number): void {
  const off = a[p * d + q] as number;
  if (off === 0) return;
  const theta = ((a[q * d + q] as number) - (a[p * d + p] as number)) / (2 * off);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  const turn = (values: Float64Array, i: number, j: number): void => {
    const [x, y] = [values[i] as number, values[j] as number];
    values[i] = c * x - s * y;
    values[j] = s * x + c * y;
  };
  for (let k = 0; k < d; k++) turn(a, k * d + p, k * d + q);
  for (let k = 0; k < d; k++) turn(a, p * d + k, q * d + k);
  for (let k = 0; k < d; k++) turn(rows, p * d + k, q * d + k);
  a[p * d + q] = 0;
  a[q * d + p] = 0;
}
