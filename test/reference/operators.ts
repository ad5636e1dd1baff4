/**
 * @file What each operator of a graph means, on plain float64 arrays: the oracle for derivatives
 * and for ONNX Runtime. One small function an operator, from the ONNX specification and not from
 * our builders.
 */
import type { Value } from "../../packages/core/src/graph/value.ts";
import type { Plain } from "./array.ts";
import { along, at, broadcast, build, map, positionOf } from "./array.ts";
import { erf } from "./erf.ts";

type Meaning = (inputs: readonly Plain[], value: Value) => Plain;

const elementwise =
  (f: (...numbers: number[]) => number): Meaning =>
  (inputs) =>
    map(inputs, f);

const withAlpha =
  (f: (x: number, alpha: number) => number): Meaning =>
  ([x], { attributes }) =>
    map([x as Plain], (number) => f(number, attributes.alpha as number));

const reduction =
  (f: (numbers: number[]) => number): Meaning =>
  ([x], { attributes }) =>
    along(x as Plain, attributes.axes as number[], attributes.keepDimensions as boolean, f);

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const largest = (numbers: readonly number[]): number =>
  numbers.reduce((a, b) => Math.max(a, b), -Infinity);
const logSumExp = (numbers: readonly number[]): number => {
  const top = largest(numbers);
  return top + Math.log(sum(numbers.map((x) => Math.exp(x - top))));
};

/** x minus the logarithm of the sum of exponentials along the axis. */
function logSoftmax(x: Plain, axis: number): Plain {
  return map([x, along(x, [axis], true, logSumExp)], (a, b) => a - b);
}

const number = (value: Value, name: string): number => value.attributes[name] as number;

const replaced = (index: readonly number[], axis: number, i: number): number[] =>
  index.map((old, other) => (other === axis ? i : old));

interface Window {
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
  readonly group: number;
}

/** An element of an image, zero outside of it and between its elements. */
function pixelAt(x: Plain, index: readonly number[]): number {
  const inside = index.every(
    (i, axis) => Number.isInteger(i) && i >= 0 && i < (x.shape[axis] as number),
  );
  return inside ? (x.data[positionOf(x.shape, index)] as number) : 0;
}

export const meanings: Readonly<Record<string, Meaning>> = {
  Add: elementwise((a, b) => a + b),
  Sub: elementwise((a, b) => a - b),
  Mul: elementwise((a, b) => a * b),
  Div: (inputs, { type }) => map(inputs, (a, b) => (type === "int64" ? Math.trunc(a / b) : a / b)),
  Neg: elementwise((a) => -a),
  Pow: elementwise((a, b) => a ** b),
  Max: elementwise((a, b) => Math.max(a, b)),
  Min: elementwise((a, b) => Math.min(a, b)),
  Where: elementwise((condition, yes, no) => (condition ? yes : no)),

  Sqrt: elementwise(Math.sqrt),
  Reciprocal: elementwise((x) => 1 / x),
  Exp: elementwise(Math.exp),
  Log: elementwise(Math.log),
  Sin: elementwise(Math.sin),
  Cos: elementwise(Math.cos),
  Asin: elementwise(Math.asin),
  Acos: elementwise(Math.acos),
  Atan: elementwise(Math.atan),
  Tanh: elementwise(Math.tanh),
  Sigmoid: elementwise((x) => 1 / (1 + Math.exp(-x))),
  Softplus: elementwise((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Relu: elementwise((x) => Math.max(x, 0)),
  LeakyRelu: withAlpha((x, alpha) => (x > 0 ? x : alpha * x)),
  Elu: withAlpha((x, alpha) => (x > 0 ? x : alpha * Math.expm1(x))),
  Erf: elementwise(erf),
  Abs: elementwise(Math.abs),
  Sign: elementwise(Math.sign),

  Equal: elementwise((a, b) => Number(a === b)),
  Greater: elementwise((a, b) => Number(a > b)),
  GreaterOrEqual: elementwise((a, b) => Number(a >= b)),
  Less: elementwise((a, b) => Number(a < b)),
  LessOrEqual: elementwise((a, b) => Number(a <= b)),
  And: elementwise((a, b) => Number(a && b)),
  Or: elementwise((a, b) => Number(a || b)),
  Not: elementwise((a) => Number(!a)),
  // Between the two float types nothing is rounded: the interpreter is float64 throughout.
  Cast: ([x], { type }) =>
    map([x as Plain], (a) =>
      type === "bool" ? Number(a !== 0) : type === "int64" ? Math.trunc(a) : a,
    ),

  MatMul([left, right], { attributes }) {
    const turned = (a: Plain, flag: unknown): Plain => {
      if (!flag) return a;
      const shape = [...a.shape.slice(0, -2), a.shape.at(-1) as number, a.shape.at(-2) as number];
      return build(shape, (index) => at(a, [...index.slice(0, -2), ...index.slice(-2).reverse()]));
    };
    const a = turned(left as Plain, attributes.transposeA);
    const b = turned(right as Plain, attributes.transposeB);
    const [rows, inner] = a.shape.slice(-2) as [number, number];
    const batch = broadcast([
      { shape: a.shape.slice(0, -2), data: [] },
      { shape: b.shape.slice(0, -2), data: [] },
    ]);
    return build([...batch, rows, b.shape.at(-1) as number], (index) => {
      const [row, column] = index.slice(-2) as [number, number];
      const place = index.slice(0, -2);
      return sum(
        Array.from(
          { length: inner },
          (_, k) => at(a, [...place, row, k]) * at(b, [...place, k, column]),
        ),
      );
    });
  },

  ReduceSum: reduction(sum),
  ReduceMax: reduction(largest),
  ReduceLogSumExp: reduction(logSumExp),
  Softmax([x], value) {
    const logarithm = logSoftmax(x as Plain, number(value, "axis"));
    return map([logarithm], Math.exp);
  },
  LogSoftmax: ([x], value) => logSoftmax(x as Plain, number(value, "axis")),

  Reshape: ([x], { shape }) => ({ shape: shape as number[], data: (x as Plain).data }),
  Transpose([x], { attributes, shape }) {
    const perm = attributes.perm as number[];
    return build(shape as number[], (index) => {
      const source: number[] = [];
      perm.forEach((axis, i) => {
        source[axis] = index[i] as number;
      });
      return at(x as Plain, source);
    });
  },
  Expand: ([x], { shape }) => build(shape as number[], (index) => at(x as Plain, index)),
  Concat(parts, value) {
    const axis = number(value, "axis");
    return build(value.shape as number[], (index) => {
      let i = index[axis] as number;
      for (const part of parts) {
        if (i < (part.shape[axis] as number)) return at(part, replaced(index, axis, i));
        i -= part.shape[axis] as number;
      }
      throw new Error("Concat: beyond the last part");
    });
  },
  Slice([x], value) {
    const axis = number(value, "axis");
    return build(value.shape as number[], (index) => {
      const i = number(value, "start") + (index[axis] as number) * number(value, "step");
      return at(x as Plain, replaced(index, axis, i));
    });
  },
  Pad([x], value) {
    const axis = number(value, "axis");
    return build(value.shape as number[], (index) => {
      const i = (index[axis] as number) - number(value, "before");
      const inside = i >= 0 && i < ((x as Plain).shape[axis] as number);
      return inside ? at(x as Plain, replaced(index, axis, i)) : 0;
    });
  },
  Gather([x, indices], value) {
    const axis = number(value, "axis");
    const rank = (indices as Plain).shape.length;
    return build(value.shape as number[], (index) => {
      const picked = at(indices as Plain, index.slice(axis, axis + rank));
      const i = picked < 0 ? picked + ((x as Plain).shape[axis] as number) : picked;
      return at(x as Plain, [...index.slice(0, axis), i, ...index.slice(axis + rank)]);
    });
  },
  Conv([x, w], { shape, attributes }) {
    const { strides, pads, dilations, group } = attributes as unknown as Window;
    const [outputs, channels, ...kernel] = (w as Plain).shape as number[];
    const perGroup = (outputs as number) / group;
    return build(shape as number[], ([n, o, ...p]) => {
      const first = Math.floor((o as number) / perGroup) * (channels as number);
      const terms = build([channels as number, ...kernel], ([c, ...k]) => {
        const place = p.map(
          (i, axis) =>
            i * (strides[axis] as number) +
            (k[axis] as number) * (dilations[axis] as number) -
            (pads[axis] as number),
        );
        const pixel = pixelAt(x as Plain, [n as number, first + (c as number), ...place]);
        return pixel * at(w as Plain, [o as number, c as number, ...k]);
      });
      return sum(terms.data);
    });
  },
  ConvTranspose([x, w], { shape, attributes }) {
    const { strides, pads, dilations, group } = attributes as unknown as Window;
    const [inputs, outputs, ...kernel] = (w as Plain).shape as number[];
    const perGroup = (inputs as number) / group;
    return build(shape as number[], ([n, o, ...p]) => {
      const first = Math.floor((o as number) / (outputs as number)) * perGroup;
      const terms = build([perGroup, ...kernel], ([c, ...k]) => {
        const place = p.map((i, axis) => {
          const from =
            i + (pads[axis] as number) - (k[axis] as number) * (dilations[axis] as number);
          return from / (strides[axis] as number);
        });
        const channel = first + (c as number);
        const pixel = pixelAt(x as Plain, [n as number, channel, ...place]);
        return pixel * at(w as Plain, [channel, (o as number) % (outputs as number), ...k]);
      });
      return sum(terms.data);
    });
  },
};
