/**
 * @file Operators that move elements: Reshape, Transpose, Expand, Concat, Slice, Pad, Gather.
 *
 * All are linear, so a tangent goes through the operator itself, and a cotangent through its
 * transpose. Target shapes, bounds and permutations are attributes here; reading and writing
 * ONNX turns them into the constant inputs that newer opsets want, and back.
 */

import { tensorFrom } from "../../array/tensor.ts";
import type { Dimension, Operator, Shape, Value } from "../value.ts";
import { apply, normalAxis, sameShape, shapeError } from "../value.ts";
import { cast, equal } from "./compare.ts";
import { broadcastShape, unbroadcast } from "./elementwise.ts";
import { constant, floatType, selection, zerosLike } from "./leaf.ts";
import { matmul } from "./linear.ts";

const first = (value: Value): Value => value.inputs[0] as Value;

/** An operator of one input that is linear: its tangent is itself, applied to the tangent. */
function linear(
  operator: Omit<Operator, "jvp" | "vjp">,
  transpose: (value: Value, cotangent: Value) => Value,
): Operator {
  const whole: Operator = {
    ...operator,
    jvp: (value, [tangent]) => (tangent ? apply(whole, [tangent], value.attributes) : null),
    vjp: (value, cotangent) => [transpose(value, cotangent)],
  };
  return whole;
}

/** Numeric part and power of the symbol in the number of elements. */
function count(shape: Shape): readonly [number, number] {
  const numbers = shape.filter((dimension) => dimension !== "n") as number[];
  return [numbers.reduce((a, b) => a * b, 1), shape.length - numbers.length];
}

export const Reshape: Operator = linear(
  {
    name: "Reshape",
    infer(inputs, { shape }) {
      const from = count((inputs[0] as Value).shape);
      const to = count(shape as Shape);
      if (from[0] !== to[0] || from[1] !== to[1])
        throw shapeError("Reshape", inputs, `does not fit [${shape}]`);
      return { type: (inputs[0] as Value).type, shape: shape as Shape };
    },
    simplify(value) {
      const from = first(value);
      if (sameShape(from.shape, value.shape)) return from;
      return from.operator === Reshape ? reshape(first(from), value.shape) : null;
    },
  },
  (value, cotangent) => reshape(cotangent, first(value).shape),
);

export const Transpose: Operator = linear(
  {
    name: "Transpose",
    infer(inputs, { perm }) {
      const { type, shape } = inputs[0] as Value;
      const axes = perm as readonly number[];
      if (axes.length !== shape.length || new Set(axes).size !== shape.length)
        throw shapeError("Transpose", inputs, `perm [${axes}] is no order of the axes`);
      return {
        type,
        shape: axes.map((axis) => shape[normalAxis(axis, shape.length, "Transpose")] as Dimension),
      };
    },
    simplify(value) {
      const perm = value.attributes.perm as readonly number[];
      if (perm.every((axis, i) => axis === i)) return first(value);
      if (first(value).operator !== Transpose) return null;
      const inner = first(value).attributes.perm as readonly number[];
      return transpose(
        first(first(value)),
        perm.map((axis) => inner[axis] as number),
      );
    },
  },
  (value, cotangent) => {
    const perm = value.attributes.perm as readonly number[];
    return transpose(
      cotangent,
      perm.map((_, axis) => perm.indexOf(axis)),
    );
  },
);

export const Expand: Operator = linear(
  {
    name: "Expand",
    infer(inputs, { shape }) {
      const target = shape as Shape;
      const from = inputs[0] as Value;
      const result = broadcastShape("Expand", [from, { ...from, shape: target }]);
      if (!sameShape(result, target))
        throw shapeError("Expand", inputs, `does not widen to [${target}]`);
      return { type: from.type, shape: target };
    },
    simplify(value) {
      const from = first(value);
      if (sameShape(from.shape, value.shape)) return from;
      return from.operator === Expand ? expand(first(from), value.shape) : null;
    },
  },
  (value, cotangent) => unbroadcast(cotangent, first(value).shape),
);

export const Concat: Operator = {
  name: "Concat",
  infer(inputs, { axis }) {
    const { type, shape } = inputs[0] as Value;
    const along = axis as number;
    let total: Dimension = 0;
    for (const input of inputs) {
      const others = input.shape.map((dimension, i) => (i === along ? 0 : dimension));
      if (
        input.type !== type ||
        !sameShape(
          others,
          shape.map((d, i) => (i === along ? 0 : d)),
        )
      )
        throw shapeError("Concat", inputs, `shapes differ outside axis ${along}`);
      const part = input.shape[along] as Dimension;
      if (part === "n" && inputs.length > 1)
        throw shapeError("Concat", inputs, "cannot join along the symbolic axis: bind n first");
      total = part === "n" ? "n" : (total as number) + part;
    }
    return { type, shape: shape.map((dimension, i) => (i === along ? total : dimension)) };
  },
  jvp: (value, tangents) =>
    concat(
      tangents.map((tangent, i) => tangent ?? zerosLike(value.inputs[i] as Value)),
      value.attributes.axis as number,
    ),
  vjp(value, cotangent) {
    const axis = value.attributes.axis as number;
    let start = 0;
    return value.inputs.map((input) => {
      const end = start + (input.shape[axis] as number);
      const part = slice(cotangent, axis, start, end);
      start = end;
      return part;
    });
  },
  simplify: (value) => (value.inputs.length === 1 ? first(value) : null),
};

/** Indices that a slice takes along its axis. */
function sliced(start: number, end: number, step: number): number[] {
  const indices: number[] = [];
  for (let i = start; step > 0 ? i < end : i > end; i += step) indices.push(i);
  return indices;
}

/** One axis at a time; `start` and `end` are counted from the front, `end` may be -1 for a negative step. */
export const Slice: Operator = linear(
  {
    name: "Slice",
    infer(inputs, { axis, start, end, step }) {
      const { type, shape } = inputs[0] as Value;
      const size = shape[axis as number];
      if (size === undefined) throw shapeError("Slice", inputs, `there is no axis ${axis}`);
      if (size === "n")
        throw shapeError("Slice", inputs, "cannot cut the symbolic axis: bind n first");
      const length = sliced(start as number, end as number, step as number).length;
      return { type, shape: shape.map((dimension, i) => (i === axis ? length : dimension)) };
    },
    simplify: (value) =>
      sameShape(first(value).shape, value.shape) && value.attributes.step === 1
        ? first(value)
        : null,
  },
  (value, cotangent) => {
    const { axis, start, end, step } = value.attributes as Record<string, number>;
    const size = first(value).shape[axis as number] as number;
    if (step === 1) return pad(cotangent, axis as number, start as number, size - (end as number));
    return scatter(
      cotangent,
      axis as number,
      sliced(start as number, end as number, step as number),
      size,
    );
  },
);

/** Zeros before and after, along one axis. */
export const Pad: Operator = linear(
  {
    name: "Pad",
    infer(inputs, { axis, before, after }) {
      const { type, shape } = inputs[0] as Value;
      if (shape[axis as number] === "n")
        throw shapeError("Pad", inputs, "cannot pad the symbolic axis: bind n first");
      return {
        type,
        shape: shape.map((dimension, i) =>
          i === axis ? (dimension as number) + (before as number) + (after as number) : dimension,
        ),
      };
    },
    simplify: (value) => (sameShape(first(value).shape, value.shape) ? first(value) : null),
  },
  (value, cotangent) => {
    const { axis, before } = value.attributes as { axis: number; before: number };
    return slice(cotangent, axis, before, before + (first(value).shape[axis] as number));
  },
);

/** Whole slices along an axis, picked by an int64 tensor of any shape. */
export const Gather: Operator = {
  name: "Gather",
  infer(inputs, { axis }) {
    const [data, indices] = inputs as [Value, Value];
    if (indices.type !== "int64") throw shapeError("Gather", inputs, "expected int64 indices");
    const along = normalAxis(axis as number, data.shape.length, "Gather");
    return {
      type: data.type,
      shape: [...data.shape.slice(0, along), ...indices.shape, ...data.shape.slice(along + 1)],
    };
  },
  jvp: (value, [tangent]) =>
    tangent ? gather(tangent, value.inputs[1] as Value, value.attributes.axis as number) : null,
  vjp(value, cotangent) {
    const [data, indices] = value.inputs as [Value, Value];
    const axis = value.attributes.axis as number;
    const size = data.shape[axis];
    if (size === "n")
      throw shapeError(
        "Gather",
        value.inputs,
        "its vjp needs a number on the gathered axis: bind n first",
      );
    // The transpose of a selection is the product with its one-hot matrix.
    const picked = indices.shape.reduce<number>((product, d) => product * (d as number), 1);
    const classes = constant(
      tensorFrom(
        "int64",
        [size as number],
        Array.from({ length: size as number }, (_, i) => i),
      ),
    );
    const column = reshape(indices, [picked, 1]);
    const oneHot = cast(equal(column, classes), cotangent.type);
    const flat = reshape(cotangent, [
      ...data.shape.slice(0, axis),
      picked,
      ...data.shape.slice(axis + 1),
    ]);
    return [alongAxis(flat, axis, (rows) => matmul(rows, oneHot)), null];
  },
};

export const reshape = (a: Value, shape: Shape): Value => apply(Reshape, [a], { shape });
export const transpose = (a: Value, perm: readonly number[]): Value =>
  apply(Transpose, [a], { perm });
export const expand = (a: Value, shape: Shape): Value => apply(Expand, [a], { shape });
export const concat = (values: readonly Value[], axis: number): Value =>
  apply(Concat, values, {
    axis: normalAxis(axis, (values[0] as Value).shape.length, "Concat"),
  });
export const pad = (a: Value, axis: number, before: number, after: number): Value =>
  apply(Pad, [a], { axis, before, after });
export const gather = (a: Value, indices: Value, axis = 0): Value =>
  apply(Gather, [a, indices], { axis: normalAxis(axis, a.shape.length, "Gather") });

/** Elements `start`, `start + step`, … before `end` along an axis; bounds as in NumPy. */
export function slice(a: Value, axis: number, start: number, end: number, step = 1): Value {
  const along = normalAxis(axis, a.shape.length, "Slice");
  const size = a.shape[along];
  if (size === "n") throw shapeError("Slice", [a], "cannot cut the symbolic axis: bind n first");
  const bound = (index: number, low: number, high: number): number =>
    Math.min(high, Math.max(low, index < 0 ? index + (size as number) : index));
  const [low, high] = step > 0 ? [0, size as number] : [-1, (size as number) - 1];
  return apply(Slice, [a], {
    axis: along,
    start: bound(start, low, high),
    end: bound(end, low, high),
    step,
  });
}

/** Puts the slices of `a` at the given places of a larger axis; zeros elsewhere. */
function scatter(a: Value, axis: number, places: readonly number[], size: number): Value {
  const matrix = selection(floatType(a, "Slice"), places, size);
  return alongAxis(a, axis, (rows) => matmul(rows, matrix));
}

/** Applies `f` with the given axis last. */
export function alongAxis(a: Value, axis: number, f: (rows: Value) => Value): Value {
  const last = a.shape.length - 1;
  const perm = a.shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
  return transpose(f(transpose(a, perm)), perm);
}

/** Several values as one with a new axis in front. */
export function stack(values: readonly Value[], axis = 0): Value {
  return concat(
    values.map((value) =>
      reshape(value, [...value.shape.slice(0, axis), 1, ...value.shape.slice(axis)]),
    ),
    axis,
  );
}
