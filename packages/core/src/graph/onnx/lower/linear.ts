/** @file Matrix products and softmax of a file. */
import * as b from "../../operators/index.ts";
import type { Dimension, Value } from "../../value.ts";
import type { Lowering, OnnxNode } from "../node.ts";
import { einsum } from "./einsum.ts";

/** A vector on the left is a row, on the right a column; the result loses that axis again. */
const matMul: Lowering = (node) => {
  const [x, y] = [node.value(0), node.value(1)];
  const [row, column] = [x.shape.length === 1, y.shape.length === 1];
  const left = row ? b.reshape(x, [1, ...x.shape]) : x;
  const right = column ? b.reshape(y, [...y.shape, 1]) : y;
  const whole = b.matmul(left, right);
  const rank = whole.shape.length;
  const keep = (_: Dimension, axis: number): boolean =>
    !(row && axis === rank - 2) && !(column && axis === rank - 1);
  return b.reshape(whole, whole.shape.filter(keep));
};

const gemm: Lowering = (node) => {
  const [x, y] = [node.value(0), node.value(1)];
  const flags = {
    transposeA: node.int("transA", 0) !== 0,
    transposeB: node.int("transB", 0) !== 0,
  };
  const product = scaled(b.matmul(x, y, flags), node.float("alpha", 1));
  return node.has(2) ? b.add(product, scaled(node.value(2), node.float("beta", 1))) : product;
};

const scaled = (x: Value, factor: number): Value => b.mul(x, factor);

/** Since opset 13 along one axis; before it over all axes from the given one on, taken as one. */
const softmax =
  (f: (x: Value, axis?: number) => Value): Lowering =>
  (node) => {
    const x = node.value(0);
    if (node.opset >= 13) return f(x, node.int("axis", -1));
    const axis = axisFrom(node, x.shape.length);
    const inner = x.shape.slice(axis);
    if (inner.length === 1) return f(x);
    if (inner.includes("n")) node.refuse("cannot normalise over the batch");
    const size = (inner as number[]).reduce((total, d) => total * d, 1);
    return b.reshape(f(b.reshape(x, [...x.shape.slice(0, axis), size])), x.shape);
  };

function axisFrom(node: OnnxNode, rank: number): number {
  const axis = node.int("axis", 1);
  const front = axis < 0 ? axis + rank : axis;
  if (front < 0 || front >= rank) node.refuse(`axis ${axis} is outside a tensor of rank ${rank}`);
  return front;
}

export const linear: Readonly<Record<string, Lowering>> = {
  MatMul: matMul,
  Gemm: gemm,
  Einsum: einsum,
  Softmax: softmax(b.softmax),
  LogSoftmax: softmax(b.logSoftmax),
};
