/** @file Landmarks: few codes to which all are measured, spread over the codes. */
import { InputError } from "../array/errors.ts";
import { random } from "../array/random.ts";

/**
 * Indices of `count` codes, each drawn with a chance that grows with the squared latent distance to
 * those before it (k-means++), out of a sample where there are many.
 */
export function chooseLandmarks(
  points: Float64Array,
  d: number,
  count: number,
  seed = 1,
): Int32Array {
  const n = points.length / d;
  if (!(count >= 1 && count <= n))
    throw new InputError(`landmarks: expected 1 to ${n}, as many as there are codes, got ${count}`);
  const draw = random(seed, "distance", "landmarks");
  const pool = draw.permutation(n).slice(0, Math.max(count, Math.min(n, 20 * count)));
  const square = new Float64Array(pool.length).fill(Number.POSITIVE_INFINITY);
  const chosen = new Int32Array(count);
  let next = 0;
  for (let c = 0; c < count; c++) {
    const centre = pool[next] as number;
    chosen[c] = centre;
    square[next] = -1;
    let total = 0;
    for (let i = 0; i < pool.length; i++) {
      if (square[i] === -1) continue;
      let sum = 0;
      for (let k = 0; k < d; k++)
        sum +=
          ((points[(pool[i] as number) * d + k] as number) - (points[centre * d + k] as number)) **
          2;
      square[i] = Math.min(square[i] as number, sum);
      total += square[i] as number;
    }
    next = drawn(square, draw.uniform() * total);
  }
  return chosen;
}

/** The place where the running sum passes `target`; any that is left where all are zero. */
function drawn(square: Float64Array, target: number): number {
  let [sum, last] = [0, 0];
  for (let i = 0; i < square.length; i++) {
    const size = square[i] as number;
    if (size === -1) continue;
    last = i;
    sum += size;
    if (sum > target) return i;
  }
  return last;
}
