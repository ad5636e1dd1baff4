/**
 * @file What every elementwise operator shares: broadcasting, and a chain rule that needs only the
 * operator's partial derivatives.
 */
import type { Attributes, Operator, Shape, Signature, Tangent, Value } from "../value.ts";
import { apply, sameShape, shapeError } from "../value.ts";
import { add, mul, neg } from "./arithmetic.ts";
import { reduceSum } from "./reduce.ts";
import { expand, reshape } from "./shape.ts";

/** The shape that several shapes broadcast to (NumPy's rule, as in ONNX). */
export function broadcastShape(name: string, inputs: readonly Value[]): Shape {
  const rank = Math.max(...inputs.map((input) => input.shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const dimensions = inputs
      .map((input) => input.shape[axis - rank + input.shape.length] ?? 1)
      .filter((dimension) => dimension !== 1);
    if (dimensions.some((dimension) => dimension !== dimensions[0]))
      throw shapeError(name, inputs, "shapes do not broadcast");
    return dimensions[0] ?? 1;
  });
}

/** Sums a cotangent over the axes along which its value was broadcast. */
export function unbroadcast(cotangent: Value, shape: Shape): Value {
  const extra = cotangent.shape.length - shape.length;
  const axes = cotangent.shape.flatMap((dimension, axis) =>
    axis < extra || (shape[axis - extra] === 1 && dimension !== 1) ? [axis] : [],
  );
  return axes.length === 0 ? cotangent : reshape(reduceSum(cotangent, axes, true), shape);
}

/** A partial derivative: a factor of the result's shape (or less), or one of the three cheap ones. */
export type Partial = Value | 1 | -1 | 0;

const times = (partial: Partial, tangent: Value): Tangent => {
  if (partial === 0) return null;
  if (partial === 1) return tangent;
  return partial === -1 ? neg(tangent) : mul(partial, tangent);
};

const plus = (a: Tangent, b: Tangent): Tangent => (a && b ? add(a, b) : (a ?? b));

function sameTypes(name: string, inputs: readonly Value[]): void {
  if (inputs.some((input) => input.type !== inputs[0]?.type))
    throw shapeError(name, inputs, "expected inputs of one type");
}

/**
 * An operator that acts element by element on inputs of one type.
 * `partials` gives the derivative of the result by each input.
 */
export function elementwise(
  name: string,
  arity: number,
  partials: (value: Value) => readonly Partial[],
  simplify?: (value: Value) => Value | null,
): Operator {
  const operator: Operator = {
    name,
    infer(inputs) {
      if (inputs.length !== arity) throw shapeError(name, inputs, `expected ${arity} inputs`);
      sameTypes(name, inputs);
      return { type: (inputs[0] as Value).type, shape: broadcastShape(name, inputs) };
    },
    jvp(value, tangents) {
      const factors = partials(value);
      const sum = tangents
        .map((tangent, i) => tangent && times(factors[i] as Partial, tangent))
        .reduce(plus, null);
      return sum && expand(sum, value.shape);
    },
    vjp(value, cotangent) {
      return partials(value).map((partial, i) => {
        const product = times(partial, cotangent);
        return product && unbroadcast(product, (value.inputs[i] as Value).shape);
      });
    },
    simplify: (value) => simplify?.(value) ?? withoutExpand(value),
  };
  return operator;
}

/** Broadcasting makes an Expand before an elementwise operator superfluous, mostly. */
function withoutExpand(value: Value): Value | null {
  if (value.inputs.length < 2) return null;
  for (const [i, input] of value.inputs.entries()) {
    if (input.operator.name !== "Expand") continue;
    const inputs = value.inputs.map((other, j) => (i === j ? (input.inputs[0] as Value) : other));
    if (sameShape(broadcastShape(value.operator.name, inputs), value.shape))
      return apply(value.operator, inputs, value.attributes);
  }
  return null;
}

/** An elementwise operator with a boolean result or none to differentiate. */
export function flat(
  name: string,
  arity: number,
  type: (inputs: readonly Value[], attributes: Attributes) => Signature["type"],
): Operator {
  return {
    name,
    infer(inputs, attributes) {
      if (inputs.length !== arity) throw shapeError(name, inputs, `expected ${arity} inputs`);
      sameTypes(name, inputs);
      return { type: type(inputs, attributes), shape: broadcastShape(name, inputs) };
    },
    jvp: () => null,
    vjp: (value) => value.inputs.map(() => null),
  };
}
