/** @file Add, Sub, Mul, Div, Neg, Pow, Max, Min and Where. */
import type { Operator, Value } from "../value.ts";
import { apply, sameShape, shapeError } from "../value.ts";
import { and, cast, equal, greater, greaterOrEqual, less, lessOrEqual } from "./compare.ts";
import { broadcastShape, elementwise, unbroadcast } from "./elementwise.ts";
import { full, scalar, uniform, zerosLike } from "./leaf.ts";
import { expand } from "./shape.ts";
import { log } from "./unary.ts";

/** A value, or a number that takes the type of the other operand. */
export type Operand = Value | number;

function pair(operator: Operator, a: Operand, b: Operand): Value {
  if (typeof a === "number" && typeof b === "number")
    throw new Error(`${operator.name}: at least one operand must be a value`);
  const type = (typeof a === "number" ? (b as Value) : a).type;
  const value = (operand: Operand): Value =>
    typeof operand === "number" ? scalar(type, operand) : operand;
  return apply(operator, [value(a), value(b)]);
}

/** `value` if it already has the shape of the result, widened to it otherwise. */
const keep = (kept: Value, result: Value): Value => expand(kept, result.shape);

const first = (value: Value): Value => value.inputs[0] as Value;
const second = (value: Value): Value => value.inputs[1] as Value;

export const Add: Operator = elementwise(
  "Add",
  2,
  () => [1, 1],
  (value) => {
    if (uniform(first(value)) === 0) return keep(second(value), value);
    return uniform(second(value)) === 0 ? keep(first(value), value) : null;
  },
);

export const Sub: Operator = elementwise(
  "Sub",
  2,
  () => [1, -1],
  (value) => (uniform(second(value)) === 0 ? keep(first(value), value) : null),
);

export const Mul: Operator = elementwise(
  "Mul",
  2,
  (value) => [second(value), first(value)],
  (value) => {
    if (uniform(first(value)) === 1) return keep(second(value), value);
    return uniform(second(value)) === 1 ? keep(first(value), value) : null;
  },
);

export const Div: Operator = elementwise(
  "Div",
  2,
  (value) => [div(1, second(value)), neg(div(value, second(value)))],
  (value) => (uniform(second(value)) === 1 ? keep(first(value), value) : null),
);

export const Neg: Operator = elementwise(
  "Neg",
  1,
  () => [-1],
  (value) => (first(value).operator === Neg ? first(first(value)) : null),
);

/** The derivative by the exponent is only asked for where the exponent moves, and is taken at a positive base. */
export const Pow: Operator = {
  ...elementwise("Pow", 2, (value) => [baseFactor(value), exponentFactor(value)]),
  jvp(value, [base, exponent]) {
    const moved = base && mul(baseFactor(value), base);
    const grown = exponent && mul(exponentFactor(value), exponent);
    const sum = moved && grown ? add(moved, grown) : (moved ?? grown ?? null);
    return sum && expand(sum, value.shape);
  },
  vjp(value, cotangent) {
    return [
      unbroadcast(mul(cotangent, baseFactor(value)), first(value).shape),
      second(value).data
        ? null
        : unbroadcast(mul(cotangent, exponentFactor(value)), second(value).shape),
    ];
  },
  simplify(value) {
    const exponent = uniform(second(value));
    if (exponent === 1) return keep(first(value), value);
    return exponent === 2 ? keep(mul(first(value), first(value)), value) : null;
  },
};

/** y x^(y - 1); zero where base and exponent are both zero, where the power would be infinite. */
function baseFactor(value: Value): Value {
  const [base, exponent] = [first(value), second(value)];
  const known = uniform(exponent);
  if (known === 0) return full(value.type, value.shape, 0);
  const still =
    known === null && and(equal(base, zerosLike(base)), equal(exponent, zerosLike(exponent)));
  const safe = still ? where(still, full(base.type, base.shape, 1), base) : base;
  return mul(exponent, pow(safe, sub(exponent, 1)));
}

/** Zero at the base 0, where x^y does not move with y > 0; the logarithm there would be infinite. */
function exponentFactor(value: Value): Value {
  const base = first(value);
  const positive = greater(base, zerosLike(base));
  const safe = where(positive, base, full(base.type, base.shape, 1));
  return mul(value, log(safe));
}

/** At a tie the first argument wins. */
export const Max: Operator = elementwise("Max", 2, (value) => {
  const type = value.type;
  return [
    cast(greaterOrEqual(first(value), second(value)), type),
    cast(less(first(value), second(value)), type),
  ];
});

/** At a tie the first argument wins. */
export const Min: Operator = elementwise("Min", 2, (value) => {
  const type = value.type;
  return [
    cast(lessOrEqual(first(value), second(value)), type),
    cast(greater(first(value), second(value)), type),
  ];
});

export const Where: Operator = {
  name: "Where",
  infer(inputs) {
    const [condition, yes, no] = inputs;
    if (inputs.length !== 3 || condition?.type !== "bool" || yes?.type !== no?.type)
      throw shapeError("Where", inputs, "expected a bool and two values of one type");
    return { type: (yes as Value).type, shape: broadcastShape("Where", inputs) };
  },
  jvp(value, [, yes, no]) {
    const [condition, a, b] = value.inputs as [Value, Value, Value];
    return expand(where(condition, yes ?? zerosLike(a), no ?? zerosLike(b)), value.shape);
  },
  vjp(value, cotangent) {
    const [condition, yes, no] = value.inputs as [Value, Value, Value];
    const nothing = scalar(value.type, 0);
    return [
      null,
      unbroadcast(where(condition, cotangent, nothing), yes.shape),
      unbroadcast(where(condition, nothing, cotangent), no.shape),
    ];
  },
  simplify(value) {
    const [condition, yes, no] = value.inputs as [Value, Value, Value];
    const bare = [yes, no].map((branch) =>
      branch.operator.name === "Expand" ? (branch.inputs[0] as Value) : branch,
    ) as [Value, Value];
    const changed = bare[0] !== yes || bare[1] !== no;
    if (!changed || !sameShape(broadcastShape("Where", [condition, ...bare]), value.shape))
      return null;
    return apply(Where, [condition, ...bare]);
  },
};

export const add = (a: Operand, b: Operand): Value => pair(Add, a, b);
export const sub = (a: Operand, b: Operand): Value => pair(Sub, a, b);
export const mul = (a: Operand, b: Operand): Value => pair(Mul, a, b);
export const div = (a: Operand, b: Operand): Value => pair(Div, a, b);
export const pow = (a: Operand, b: Operand): Value => pair(Pow, a, b);
export const max = (a: Operand, b: Operand): Value => pair(Max, a, b);
export const min = (a: Operand, b: Operand): Value => pair(Min, a, b);
export const neg = (a: Value): Value => apply(Neg, [a]);
export const square = (a: Value): Value => mul(a, a);
export const where = (condition: Value, yes: Value, no: Value): Value =>
  apply(Where, [condition, yes, no]);
