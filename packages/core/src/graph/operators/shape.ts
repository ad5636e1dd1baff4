/**
 * @file Operators that arrange whole tensors: Reshape, Transpose, Expand, Concat.
 *
 * All are linear, so a tangent goes through the operator itself, and a cotangent through its
 * transpose. Target shapes and permutations are attributes here; reading and writing
 * ONNX turns them into the constant inputs that newer opsets want, and back.
 */
import type { Dimension, Operator, Shape, Value } from "../value.ts";
import { apply, normalAxis, sameShape, shapeError } from "../value.ts";
import { broadcastShape, unbroadcast } from "./elementwise.ts";
import { zerosLike } from "./leaf.ts";
import { slice } from "./select.ts";

const first = (value: Value): Value => value.inputs[0] as Value;

/** An operator of one input that is linear: its tangent is itself, applied to the tangent. */
export function linear(
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
        shape: axes.map((axis) => shape[axis] as Dimension),
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

export const reshape = (a: Value, shape: Shape): Value => apply(Reshape, [a], { shape });
/** Axes in another order: axis i of the result is axis `perm[i]` of `a`. */
export const transpose = (a: Value, perm: readonly number[]): Value =>
  apply(Transpose, [a], {
    perm: perm.map((axis) => normalAxis(axis, a.shape.length, "Transpose")),
  });
export const expand = (a: Value, shape: Shape): Value => apply(Expand, [a], { shape });
export const concat = (values: readonly Value[], axis: number): Value =>
  apply(Concat, values, {
    axis: normalAxis(axis, (values[0] as Value).shape.length, "Concat"),
  });

/** Several values as one with a new axis in front. */
export function stack(values: readonly Value[], axis = 0): Value {
  return concat(
    values.map((value) =>
      reshape(value, [...value.shape.slice(0, axis), 1, ...value.shape.slice(axis)]),
    ),
    axis,
  );
}
