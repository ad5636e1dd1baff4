/** @file Comparisons, logic and Cast: values that do not move, and the way back to numbers. */
import type { ScalarType } from "../../array/tensor.ts";
import type { Operator, Value } from "../value.ts";
import { apply, shapeError } from "../value.ts";
import { flat } from "./elementwise.ts";

const compare = (name: string): Operator => flat(name, 2, () => "bool");

export const Equal = compare("Equal");
export const Greater = compare("Greater");
export const GreaterOrEqual = compare("GreaterOrEqual");
export const Less = compare("Less");
export const LessOrEqual = compare("LessOrEqual");
export const And = compare("And");
export const Or = compare("Or");
export const Not: Operator = flat("Not", 1, () => "bool");

export const equal = (a: Value, b: Value): Value => apply(Equal, [a, b]);
export const greater = (a: Value, b: Value): Value => apply(Greater, [a, b]);
export const greaterOrEqual = (a: Value, b: Value): Value => apply(GreaterOrEqual, [a, b]);
export const less = (a: Value, b: Value): Value => apply(Less, [a, b]);
export const lessOrEqual = (a: Value, b: Value): Value => apply(LessOrEqual, [a, b]);
export const and = (a: Value, b: Value): Value => apply(And, [a, b]);
export const or = (a: Value, b: Value): Value => apply(Or, [a, b]);
export const not = (a: Value): Value => apply(Not, [a]);

const isFloat = (type: ScalarType): boolean => type === "float32" || type === "float64";

/** Change of type; linear between the two float types, constant otherwise. */
export const Cast: Operator = {
  name: "Cast",
  infer(inputs, { to }) {
    if (inputs.length !== 1) throw shapeError("Cast", inputs, "expected one input");
    return { type: to as ScalarType, shape: (inputs[0] as Value).shape };
  },
  jvp: (value, [tangent]) => (isFloat(value.type) && tangent ? cast(tangent, value.type) : null),
  vjp(value, cotangent) {
    const from = (value.inputs[0] as Value).type;
    return [isFloat(from) ? cast(cotangent, from) : null];
  },
  simplify: (value) => (value.inputs[0]?.type === value.type ? (value.inputs[0] as Value) : null),
};

export const cast = (a: Value, to: ScalarType): Value => apply(Cast, [a], { to });
