/** @file Functions of one number, each with its derivative. */
import type { Attributes, Operator, Value } from "../value.ts";
import { apply } from "../value.ts";
import { add, div, max, mul, neg, sub, where } from "./arithmetic.ts";
import { cast, greater } from "./compare.ts";
import { elementwise, flat } from "./elementwise.ts";
import { full, scalar, zerosLike } from "./leaf.ts";

/** `derivative(x, y, attributes)` of y = f(x), in terms of either. */
function unary(
  name: string,
  derivative: (x: Value, y: Value, attributes: Attributes) => Value,
): Operator {
  return elementwise(name, 1, (y) => [derivative(y.inputs[0] as Value, y, y.attributes)]);
}

const positive = (x: Value): Value => greater(x, scalar(x.type, 0));
const ones = (x: Value): Value => full(x.type, x.shape, 1);
/** 1 - y^2 */
const oneMinusSquare = (y: Value): Value => sub(1, mul(y, y));

export const Sqrt = unary("Sqrt", (_, y) => div(0.5, y));
export const Reciprocal = unary("Reciprocal", (_, y) => neg(mul(y, y)));
export const Exp = unary("Exp", (_, y) => y);
export const Log = unary("Log", (x) => reciprocal(x));
export const Sin = unary("Sin", (x) => cos(x));
export const Cos = unary("Cos", (x) => neg(sin(x)));
export const Asin = unary("Asin", (x) => reciprocal(sqrt(oneMinusSquare(x))));
export const Acos = unary("Acos", (x) => neg(reciprocal(sqrt(oneMinusSquare(x)))));
export const Atan = unary("Atan", (x) => reciprocal(add(1, mul(x, x))));
export const Tanh = unary("Tanh", (_, y) => oneMinusSquare(y));
export const Sigmoid = unary("Sigmoid", (_, y) => mul(y, sub(1, y)));
export const Softplus = unary("Softplus", (x) => sigmoid(x));
export const Relu = unary("Relu", (x) => cast(positive(x), x.type));
export const LeakyRelu = unary("LeakyRelu", (x, _, { alpha }) =>
  where(positive(x), ones(x), full(x.type, x.shape, alpha as number)),
);
/** At x <= 0 the derivative alpha e^x is y + alpha. */
export const Elu = unary("Elu", (x, y, { alpha }) =>
  where(positive(x), ones(x), add(y, alpha as number)),
);
export const Erf = unary("Erf", (x) => mul(2 / Math.sqrt(Math.PI), exp(neg(mul(x, x)))));
export const Abs = unary("Abs", (x) => sign(x));
export const Sign: Operator = flat("Sign", 1, ([x]) => (x as Value).type);

export const sqrt = (x: Value): Value => apply(Sqrt, [x]);
export const reciprocal = (x: Value): Value => apply(Reciprocal, [x]);
export const exp = (x: Value): Value => apply(Exp, [x]);
export const log = (x: Value): Value => apply(Log, [x]);
export const sin = (x: Value): Value => apply(Sin, [x]);
export const cos = (x: Value): Value => apply(Cos, [x]);
export const asin = (x: Value): Value => apply(Asin, [x]);
export const acos = (x: Value): Value => apply(Acos, [x]);
export const atan = (x: Value): Value => apply(Atan, [x]);
export const tanh = (x: Value): Value => apply(Tanh, [x]);
export const sigmoid = (x: Value): Value => apply(Sigmoid, [x]);
export const softplus = (x: Value): Value => apply(Softplus, [x]);
export const relu = (x: Value): Value => apply(Relu, [x]);
export const leakyRelu = (x: Value, alpha = 0.01): Value => apply(LeakyRelu, [x], { alpha });
export const elu = (x: Value, alpha = 1): Value => apply(Elu, [x], { alpha });
export const erf = (x: Value): Value => apply(Erf, [x]);
export const abs = (x: Value): Value => apply(Abs, [x]);
export const sign = (x: Value): Value => apply(Sign, [x]);

/** x Phi(x), the exact form or the one through tanh. */
export function gelu(x: Value, approximate: "none" | "tanh" = "none"): Value {
  const inner =
    approximate === "none"
      ? erf(mul(x, Math.SQRT1_2))
      : tanh(mul(Math.sqrt(2 / Math.PI), add(x, mul(0.044715, mul(x, mul(x, x))))));
  return mul(mul(0.5, x), add(1, inner));
}

/** ln(1 + e^x) where Softplus has no kernel: max(x, 0) + ln(1 + e^-|x|). */
export function softplusFromLog(x: Value): Value {
  return add(max(x, zerosLike(x)), log(add(1, exp(neg(abs(x))))));
}
