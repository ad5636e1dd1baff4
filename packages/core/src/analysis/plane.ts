/**
 * @file Planes through the latent codes, for pictures of spaces with more than two dimensions.
 *
 * The principal axes come from power iteration on the d x d covariance: d is small, and a plane
 * for a picture needs no more digits.
 */
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import type { Bounds, Plane } from "../metric/magnification.ts";

/** Mean of latents [n, d]. */
export function centre(latents: FloatArray, d: number): number[] {
  const n = latents.length / d;
  const sums = Array<number>(d).fill(0);
  for (let i = 0; i < latents.length; i++)
    sums[i % d] = (sums[i % d] as number) + (latents[i] as number) / n;
  return sums;
}

/** The plane of axes i and j through the mean of the latents; its coordinates are z_i and z_j. */
export function coordinatePlane(latents: FloatArray, d: number, i: number, j: number): Plane {
  if (i === j || ![i, j].every((axis) => Number.isInteger(axis) && axis >= 0 && axis < d))
    throw new InputError(`plane: expected two different axes of 0 to ${d - 1}, got ${i},${j}`);
  const at = (axis: number): number[] => Array.from({ length: d }, (_, k) => (k === axis ? 1 : 0));
  return {
    origin: centre(latents, d).map((value, axis) => (axis === i || axis === j ? 0 : value)),
    axes: [at(i), at(j)],
  };
}

/** The plane of the two principal axes through the mean of the latents. */
export function principalPlane(latents: FloatArray, d: number): Plane {
  const origin = centre(latents, d);
  const covariance = covarianceOf(latents, origin);
  const first = leading(covariance, []);
  return { origin, axes: [first, leading(covariance, [first])] };
}

/**
 * The plane through three points: its origin their mean, its first axis from the first towards the
 * second. Throws `InputError` where they lie on one line, to a millionth of their distances.
 */
export function planeThrough(
  a: readonly number[],
  b: readonly number[],
  c: readonly number[],
): Plane {
  const towards = (end: readonly number[]): number[] =>
    end.map((value, k) => value - (a[k] as number));
  const [first, second] = [towards(b), towards(c)];
  const axis = orthonormal(first, []);
  const along = inner(second, axis);
  const off = second.map((value, k) => value - along * (axis[k] as number));
  const size = Math.max(Math.hypot(...first), Math.hypot(...second));
  if (!(Math.hypot(...off) > 1e-6 * size) || !(Math.hypot(...first) > 1e-6 * size))
    throw new InputError(
      "plane: expected three points that are not on one line, got some that are",
    );
  return {
    origin: a.map((value, k) => (value + (b[k] as number) + (c[k] as number)) / 3),
    axes: [axis, orthonormal(off, [axis])],
  };
}

function covarianceOf(latents: FloatArray, mean: readonly number[]): number[][] {
  const d = mean.length;
  const n = latents.length / d;
  const covariance = mean.map(() => Array<number>(d).fill(0));
  for (let row = 0; row < n; row++)
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++)
        (covariance[i] as number[])[j] =
          ((covariance[i] as number[])[j] as number) +
          (((latents[row * d + i] as number) - (mean[i] as number)) *
            ((latents[row * d + j] as number) - (mean[j] as number))) /
            n;
  return covariance;
}

/** Eigenvector of the greatest eigenvalue among those orthogonal to the given ones. */
function leading(matrix: readonly (readonly number[])[], others: readonly number[][]): number[] {
  // Started off every axis, so that no eigenvector is orthogonal to it by accident.
  let vector = orthonormal(
    matrix.map((_, i) => 1 + i * 0.137),
    others,
  );
  for (let round = 0; round < 300; round++) {
    const image = matrix.map((row) => inner(row, vector));
    // No spread left: any direction orthogonal to the others will do.
    if (Math.hypot(...image) < 1e-300) break;
    vector = orthonormal(image, others);
  }
  // The greatest component is positive: the same data, the same picture.
  const greatest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) + 1e-9 ? b : a));
  return greatest < 0 ? vector.map((value) => -value) : vector;
}

function orthonormal(vector: readonly number[], others: readonly number[][]): number[] {
  let rest = [...vector];
  for (const other of others) {
    const along = inner(rest, other);
    rest = rest.map((value, i) => value - along * (other[i] as number));
  }
  const norm = Math.hypot(...rest);
  return rest.map((value) => value / norm);
}

const inner = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** Coordinates of latents [n, d] in a plane with orthonormal axes: [n, 2]; a line gives [n, 1]. */
export function project(plane: Plane, latents: ArrayLike<number>): Float64Array {
  const d = plane.origin.length;
  const width = plane.axes.length;
  const n = latents.length / d;
  const result = new Float64Array(n * width);
  for (let row = 0; row < n; row++)
    plane.axes.forEach((axis, k) => {
      let sum = 0;
      for (let i = 0; i < d; i++)
        sum +=
          (axis[i] as number) * ((latents[row * d + i] as number) - (plane.origin[i] as number));
      result[row * width + k] = sum;
    });
  return result;
}

/**
 * Square bounds around points [n, 2], a twentieth wider than they are to each side.
 * Without points, the centre of the prior: -3 to 3.
 */
export function boundsAround(points: ArrayLike<number>): Bounds {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i] as number, points[i + 1] as number];
    [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
  }
  if (!(x1 >= x0) || !(y1 >= y0)) return [-3, 3, -3, 3];
  const half = 0.55 * (Math.max(x1 - x0, y1 - y0) || 1);
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const tidy = (value: number): number => Number(value.toPrecision(4));
  return [tidy(x - half), tidy(x + half), tidy(y - half), tidy(y + half)];
}
