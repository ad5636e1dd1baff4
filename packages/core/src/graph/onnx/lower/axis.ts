/** @file What several lowerings need: one axis through a matrix, and small constants. */
import { tensorFrom } from "../../../array/tensor.ts";
import * as b from "../../operators/index.ts";
import type { Value } from "../../value.ts";

/** Rows [to, from] of numbers as a constant of the type of `x`. */
export function matrixConstant(x: Value, rows: readonly Float64Array[]): Value {
  const [to, from] = [rows.length, rows[0]?.length ?? 0];
  const numbers = new Float64Array(to * from);
  rows.forEach((row, i) => {
    numbers.set(row, i * from);
  });
  return b.constant(tensorFrom(x.type, [to, from], numbers));
}

export const indexConstant = (shape: readonly number[], indices: readonly number[]): Value =>
  b.constant(tensorFrom("int64", shape, indices));

/** Every line of `x` along an axis multiplied by a matrix [to, from]. */
export function alongAxis(x: Value, axis: number, matrix: Value): Value {
  const last = x.shape.length - 1;
  if (axis === last) return b.matmul(x, matrix, { transposeB: true });
  if (axis === last - 1) return b.matmul(matrix, x);
  const swap = x.shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
  return b.transpose(b.matmul(b.transpose(x, swap), matrix, { transposeB: true }), swap);
}
