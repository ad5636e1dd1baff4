/**
 * @file Operators that pick elements along one axis: Slice, Pad, Gather.
 *
 * All are linear; the transpose of a selection by known indices is a selection again, of one that
 * is computed a product with its one-hot matrix. Reading and writing ONNX turns the bounds, attributes here, into inputs.
 */
import { tensorFrom } from "../../array/tensor.ts";
import type { Dimension, Operator, Shape, Value } from "../value.ts";
import { apply, normalAxis, sameShape, shapeError } from "../value.ts";
import { add, where } from "./arithmetic.ts";
import { cast, equal, less } from "./compare.ts";
import { constant, floatType, scalar, selection } from "./leaf.ts";
import { matmul } from "./linear.ts";
import { reduceSum } from "./reduce.ts";
import { linear, reshape, transpose } from "./shape.ts";

const first = (value: Value): Value => value.inputs[0] as Value;

/** Indices that a slice takes along its axis. */
function sliced(start: number, end: number, step: number): number[] {
  const indices: number[] = [];
  for (let i = start; step > 0 ? i < end : i > end; i += step) indices.push(i);
  return indices;
}

/** One axis at a time; bounds are counted from the front, `end` may be -1 for a negative step. */
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
    if (step === 1) {
      const stop = Math.max(start as number, end as number);
      return pad(cotangent, axis as number, start as number, size - stop);
    }
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
    const picked = flatSize(value, indices.shape);
    const rows = (middle: readonly Dimension[]): Shape => [
      ...data.shape.slice(0, axis),
      ...middle,
      ...data.shape.slice(axis + 1),
    ];
    if (indices.data instanceof BigInt64Array) {
      const flat = reshape(cotangent, rows([picked]));
      return [givenBack(flat, axis, indices.data, size as number), null];
    }
    const classes = constant(
      tensorFrom(
        "int64",
        [size as number],
        Array.from({ length: size as number }, (_, i) => i),
      ),
    );
    const counted = where(less(indices, whole(0)), add(indices, size as number), indices);
    const column = reshape(counted, [picked, 1]);
    const oneHot = cast(equal(column, classes), cotangent.type);
    const flat = reshape(cotangent, rows([picked]));
    return [alongAxis(flat, axis, (rows) => matmul(rows, oneHot)), null];
  },
};

/**
 * What known indices picked goes back to where it came from: each place of the larger axis reads all
 * that was picked from it, as many as the most popular place has, and a zero where it has fewer.
 */
function givenBack(a: Value, axis: number, indices: BigInt64Array, size: number): Value {
  const readers = Array.from({ length: size }, (): number[] => []);
  indices.forEach((place, i) => {
    readers[Number(place)]?.push(i);
  });
  const most = readers.reduce((top, { length }) => Math.max(top, length), 1);
  const table = Array.from({ length: most * size }, (_, i) => {
    return readers[i % size]?.[Math.floor(i / size)] ?? indices.length;
  });
  const zeroBehind = pad(a, axis, 0, 1);
  if (most === 1) return gather(zeroBehind, constant(tensorFrom("int64", [size], table)), axis);
  const read = gather(zeroBehind, constant(tensorFrom("int64", [most, size], table)), axis);
  return reduceSum(read, [axis]);
}

/** Number of elements as a dimension. */
function flatSize(value: Value, shape: Shape): Dimension {
  const others = shape.filter((dimension) => dimension !== "n") as number[];
  const size = others.reduce((a, b) => a * b, 1);
  if (others.length === shape.length) return size;
  if (others.length === shape.length - 1 && size === 1) return "n";
  throw shapeError(value.operator.name, value.inputs, "its vjp needs numbers: bind n first");
}

const whole = (number: number): Value => scalar("int64", number);

/** `before` and `after` zeros along an axis. */
export function pad(a: Value, axis: number, before: number, after: number): Value {
  if (!(before >= 0 && after >= 0))
    throw shapeError("Pad", [a], `expected amounts of at least 0, got ${before} and ${after}`);
  return apply(Pad, [a], { axis: normalAxis(axis, a.shape.length, "Pad"), before, after });
}

/** Slices of `a` by index; negative indices count from the back. Throws on a constant out of range. */
export function gather(a: Value, indices: Value, axis = 0): Value {
  const along = normalAxis(axis, a.shape.length, "Gather");
  const size = a.shape[along];
  return apply(Gather, [a, size === "n" ? indices : fromFront(a, indices, size as number)], {
    axis: along,
  });
}

/** Constant indices without negative ones. */
function fromFront(a: Value, indices: Value, size: number): Value {
  if (!(indices.data instanceof BigInt64Array)) return indices;
  const limit = BigInt(size);
  const wrong = indices.data.find((i) => i < -limit || i >= limit);
  if (wrong !== undefined)
    throw shapeError("Gather", [a, indices], `index ${wrong} is outside an axis of ${size}`);
  if (indices.data.every((i) => i >= 0n)) return indices;
  const data = indices.data.map((i) => (i < 0n ? i + limit : i));
  return constant({ type: "int64", shape: indices.shape as number[], data });
}

/** Elements `start`, `start + step`, … before `end` along an axis; bounds as in NumPy. */
export function slice(a: Value, axis: number, start: number, end: number, step = 1): Value {
  const along = normalAxis(axis, a.shape.length, "Slice");
  const size = a.shape[along];
  if (size === "n") throw shapeError("Slice", [a], "cannot cut the symbolic axis: bind n first");
  if (!Number.isInteger(step) || step === 0)
    throw shapeError("Slice", [a], `expected a step other than 0, got ${step}`);
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

/** Applies `f`, a function of matrices, with the given axis last. */
function alongAxis(a: Value, axis: number, f: (rows: Value) => Value): Value {
  const last = a.shape.length - 1;
  if (last === 0) {
    const row = f(reshape(a, [1, ...a.shape]));
    return reshape(row, row.shape.slice(1));
  }
  const perm = a.shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
  return transpose(f(transpose(a, perm)), perm);
}
