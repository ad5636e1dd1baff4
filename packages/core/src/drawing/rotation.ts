/** @file Rotations of space as [3, 3] matrices, row-major. Angles in radians, counter-clockwise. */

export type Axis = "x" | "y" | "z";

/** Rotation about an axis. */
export function turn(axis: Axis, angle: number): Float64Array<ArrayBuffer> {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  switch (axis) {
    case "x":
      return Float64Array.of(1, 0, 0, 0, c, -s, 0, s, c);
    case "y":
      return Float64Array.of(c, 0, s, 0, 1, 0, -s, 0, c);
    case "z":
      return Float64Array.of(c, -s, 0, s, c, 0, 0, 0, 1);
  }
}

/** A [3, 3] times a vector [3] or a matrix [3, k]. */
export function times(a: Float64Array, b: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const columns = b.length / 3;
  const product = new Float64Array(b.length);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += (a[3 * i + k] as number) * (b[k * columns + j] as number);
      product[i * columns + j] = sum;
    }
  return product;
}

/** The inverse of a rotation. */
export function transposed(a: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(a, (_, i) => a[3 * (i % 3) + Math.floor(i / 3)] as number);
}
