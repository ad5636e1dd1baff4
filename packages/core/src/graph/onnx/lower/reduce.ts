/** @file Reductions of a file: axes as an attribute in older opsets, as an input in newer ones. */
import * as b from "../../operators/index.ts";
import type { Value } from "../../value.ts";
import { isKnown, product } from "../known.ts";
import type { Lowering } from "../node.ts";

type Reduction = (x: Value, axes?: readonly number[], keep?: boolean) => Value;

/** `since` is the opset that made the axes an input. */
const reduction =
  (f: Reduction, since = 18): Lowering =>
  (node) => {
    const x = node.value(0);
    const keep = node.int("keepdims", 1) !== 0;
    const axes = node.axes(since) ?? [];
    if (axes.length > 0) return f(x, axes, keep);
    const nothing = node.opset >= since && node.int("noop_with_empty_axes", 0) !== 0;
    // Without axes nothing is summed, yet the squares of ReduceSumSquare and its kin are taken.
    return nothing ? f(x, [], true) : f(x, undefined, keep);
  };

/** The number of elements, from a shape. */
const reduceProduct: Lowering = (node) => {
  const item = node.item(0);
  const size =
    isKnown(item) && item.type === "int64" && item.shape.length === 1
      ? product(item.elements)
      : null;
  if (size === null) return node.refuse("it is supported of sizes alone");
  const keep = node.int("keepdims", 1) !== 0;
  return { type: "int64", shape: keep ? [1] : [], elements: [size] };
};

export const reduce: Readonly<Record<string, Lowering>> = {
  ReduceSum: reduction(b.reduceSum, 13),
  ReduceMean: reduction(b.reduceMean),
  ReduceMax: reduction(b.reduceMax),
  ReduceMin: reduction((x, ...rest) => b.neg(b.reduceMax(b.neg(x), ...rest))),
  ReduceLogSumExp: reduction(b.reduceLogSumExp),
  ReduceLogSum: reduction((x, ...rest) => b.log(b.reduceSum(x, ...rest))),
  ReduceSumSquare: reduction((x, ...rest) => b.reduceSum(b.square(x), ...rest)),
  ReduceL1: reduction((x, ...rest) => b.reduceSum(b.abs(x), ...rest)),
  ReduceL2: reduction((x, ...rest) => b.sqrt(b.reduceSum(b.square(x), ...rest))),
  ReduceProd: reduceProduct,
};
