/** @file Sums, means and maxima along axes, and what is made of them: softmax and its logarithm. */
import type { Attributes, Operator, Signature, Value } from "../value.ts";
import { apply, normalAxis, shapeError } from "../value.ts";
import { div, mul, sub } from "./arithmetic.ts";
import { cast, equal } from "./compare.ts";
import { scalar } from "./leaf.ts";
import { expand, reshape } from "./shape.ts";
import { exp } from "./unary.ts";

const input = (value: Value): Value => value.inputs[0] as Value;
const axesOf = (value: Value): readonly number[] => value.attributes.axes as readonly number[];

function infer(inputs: readonly Value[], { axes, keepDimensions }: Attributes): Signature {
  const { type, shape } = inputs[0] as Value;
  const reduced = new Set(axes as readonly number[]);
  return {
    type,
    shape: shape.flatMap((dimension, axis) =>
      !reduced.has(axis) ? [dimension] : keepDimensions ? [1] : [],
    ),
  };
}

/** A reduced value with its axes back as ones, so that it broadcasts against the input. */
function kept(reduced: Value, value: Value): Value {
  const axes = new Set(axesOf(value));
  return reshape(
    reduced,
    input(value).shape.map((dimension, axis) => (axes.has(axis) ? 1 : dimension)),
  );
}

const nothing = (value: Value): Value | null => (axesOf(value).length === 0 ? input(value) : null);

export const ReduceSum: Operator = {
  name: "ReduceSum",
  infer,
  jvp: (value, [tangent]) => (tangent ? apply(ReduceSum, [tangent], value.attributes) : null),
  vjp: (value, cotangent) => [expand(kept(cotangent, value), input(value).shape)],
  simplify: nothing,
};

/** A reduction whose tangent is the weighted sum of tangents; `weights` has the input's shape. */
function weighted(name: string, weights: (value: Value) => Value): Operator {
  return {
    name,
    infer,
    jvp: (value, [tangent]) =>
      tangent ? apply(ReduceSum, [mul(weights(value), tangent)], value.attributes) : null,
    vjp: (value, cotangent) => [mul(weights(value), kept(cotangent, value))],
    simplify: nothing,
  };
}

/** Equal maxima share the derivative. */
export const ReduceMax: Operator = weighted("ReduceMax", (value) => {
  const hits = cast(equal(input(value), kept(value, value)), value.type);
  return div(hits, reduceSum(hits, axesOf(value), true));
});

export const ReduceLogSumExp: Operator = weighted("ReduceLogSumExp", (value) =>
  exp(sub(input(value), kept(value, value))),
);

export const Softmax: Operator = {
  name: "Softmax",
  infer: ([x]) => ({ type: (x as Value).type, shape: (x as Value).shape }),
  jvp: (value, [tangent]) => (tangent ? softmaxProduct(value, tangent) : null),
  vjp: (value, cotangent) => [softmaxProduct(value, cotangent)],
};

/** y (t - sum y t): the derivative of softmax is symmetric, so it serves both directions. */
function softmaxProduct(y: Value, t: Value): Value {
  return mul(y, sub(t, reduceSum(mul(y, t), [y.attributes.axis as number], true)));
}

export const LogSoftmax: Operator = {
  name: "LogSoftmax",
  infer: ([x]) => ({ type: (x as Value).type, shape: (x as Value).shape }),
  jvp(value, [tangent]) {
    if (!tangent) return null;
    const axis = value.attributes.axis as number;
    return sub(tangent, reduceSum(mul(exp(value), tangent), [axis], true));
  },
  vjp(value, cotangent) {
    const axis = value.attributes.axis as number;
    return [sub(cotangent, mul(exp(value), reduceSum(cotangent, [axis], true)))];
  },
};

function reduction(operator: Operator) {
  return (a: Value, axes?: readonly number[], keepDimensions = false): Value => {
    const rank = a.shape.length;
    const all = axes ?? a.shape.map((_, axis) => axis);
    const normal = all.map((axis) => normalAxis(axis, rank, operator.name)).sort((x, y) => x - y);
    if (new Set(normal).size !== normal.length)
      throw shapeError(operator.name, [a], `axes [${all}] name one axis twice`);
    return apply(operator, [a], { axes: normal, keepDimensions });
  };
}

/** Sum over `axes`, all of them by default. */
export const reduceSum = reduction(ReduceSum);
export const reduceMax = reduction(ReduceMax);
export const reduceLogSumExp = reduction(ReduceLogSumExp);

/** Mean over `axes`; the sizes must be numbers. */
export function reduceMean(a: Value, axes?: readonly number[], keepDimensions = false): Value {
  const all = axes ?? a.shape.map((_, axis) => axis);
  const sizes = all.map((axis) => a.shape[normalAxis(axis, a.shape.length, "ReduceMean")]);
  if (sizes.includes("n"))
    throw shapeError("ReduceMean", [a], "cannot average the symbolic axis: bind n first");
  const size = (sizes as number[]).reduce((x, y) => x * y, 1);
  return mul(reduceSum(a, axes, keepDimensions), scalar(a.type, 1 / size));
}

export const softmax = (a: Value, axis = -1): Value =>
  apply(Softmax, [a], { axis: normalAxis(axis, a.shape.length, "Softmax") });
export const logSoftmax = (a: Value, axis = -1): Value =>
  apply(LogSoftmax, [a], { axis: normalAxis(axis, a.shape.length, "LogSoftmax") });
