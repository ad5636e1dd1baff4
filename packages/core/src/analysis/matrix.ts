/** @file What takes a matrix of distances checks of it first. */
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";

/** Number of points of a square matrix of distances. Throws `InputError` where it is none. */
export function squareSize(what: string, distances: FloatArray): number {
  const n = Math.sqrt(distances.length);
  if (!Number.isInteger(n) || n < 2)
    throw new InputError(
      `${what}: expected distances of all pairs, n x n, got ${distances.length} numbers`,
    );
  for (let i = 0; i < distances.length; i++) {
    const value = distances[i] as number;
    if (!(value >= 0) || value === Number.POSITIVE_INFINITY)
      throw new InputError(
        `${what}: expected distances, got ${value} in row ${Math.floor(i / n)}, column ${i % n}`,
      );
  }
  return n;
}
