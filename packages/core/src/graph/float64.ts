/**
 * @file float64 graphs for ONNX Runtime on the CPU: operators without a float64 kernel, or with one
 * that loses digits, in terms of those that have a good one.
 *
 * Done after differentiation, so derivative rules stay those of the operator itself.
 */
import { convByProduct, convTransposeByProduct } from "./convolution-float64.ts";
import type { Graph } from "./graph.ts";
import { again, rewrite } from "./graph.ts";
import { add, div, max, min, mul, neg, sub, where } from "./operators/arithmetic.ts";
import { cast, equal, greater, less } from "./operators/compare.ts";
import { full, zerosLike } from "./operators/leaf.ts";
import { abs, atan, cos, exp, log, reciprocal, sign, sin, sqrt, tanh } from "./operators/unary.ts";
import type { Attributes, Value } from "./value.ts";

/** x, y, …, in float64, as other operators in float64. Absolute errors are below 1e-15. */
const functions: Readonly<Record<string, (x: Value, attributes: Attributes) => Value>> = {
  Softplus: (x) => add(max(x, zerosLike(x)), logOnePlus(exp(neg(abs(x))))),
  Elu: (x, { alpha }) =>
    where(greater(x, zerosLike(x)), x, mul(alpha as number, expMinusOne(min(x, zerosLike(x))))),
  Atan: arcTangent,
  Asin: (x) => arcTangent(div(x, sqrt(mul(sub(1, x), add(1, x))))),
  Acos: (x) => mul(2, arcTangent(sqrt(div(sub(1, x), add(1, x))))),
  Erf: errorFunction,
};

type Kernel = (value: Value, inputs: readonly Value[]) => Value;

const kernels: Readonly<Record<string, Kernel>> = {
  ...Object.fromEntries(
    Object.entries(functions).map(([name, f]): [string, Kernel] => [
      name,
      (value, inputs) => f(inputs[0] as Value, value.attributes),
    ]),
  ),
  Conv: convByProduct,
  ConvTranspose: convTransposeByProduct,
};

/** Whether a float64 operator is rewritten by `decomposeFloat64`. */
export const isDecomposed = (value: Value): boolean =>
  value.type === "float64" && value.operator.name in kernels;

/** The same values with float64 kernels that ONNX Runtime has. Other precisions stay as they are. */
export function decomposeFloat64(source: Graph): Graph {
  return rewrite(source, (value, inputs) =>
    isDecomposed(value)
      ? (kernels[value.operator.name] as Kernel)(value, inputs)
      : again(value, inputs),
  );
}

const constantLike = (x: Value, number: number): Value => full(x.type, x.shape, number);

/** ln(1 + e) with the digits of a small e: the rounding of 1 + e cancels in ln(u) e / (u - 1). */
function logOnePlus(e: Value): Value {
  const u = add(1, e);
  const lost = equal(u, constantLike(u, 1));
  const rounded = where(lost, constantLike(u, 2), u);
  return where(lost, e, mul(log(rounded), div(e, sub(rounded, 1))));
}

/** e^x - 1 for x <= 0, as 2 t / (1 - t) with t = tanh(x / 2), which cancels nowhere. */
function expMinusOne(x: Value): Value {
  const t = tanh(mul(0.5, x));
  return div(mul(2, t), sub(1, t));
}

/**
 * A float32 guess y, and what it lacks: atan(x) - y is the arc tangent of
 * (x cos y - sin y) / (cos y + x sin y), whose cube is below the last digit.
 */
function arcTangent(x: Value): Value {
  // The arc tangent of 1e17 is pi / 2 to the last digit; infinity would give infinity / infinity.
  const finite = max(min(x, constantLike(x, 1e17)), constantLike(x, -1e17));
  const y = cast(atan(cast(finite, "float32")), "float64");
  const [c, s] = [cos(y), sin(y)];
  return add(y, div(sub(mul(finite, c), s), add(c, mul(finite, s))));
}

/** Up to 1 the power series, beyond it 1 - e^(-x^2) P(1 / x); erf(6) is 1 to the last digit. */
function errorFunction(x: Value): Value {
  const size = min(abs(x), constantLike(x, 6));
  const square = mul(size, size);
  const small = mul(x, polynomial(mul(x, x), seriesOfErf));
  const scaled = chebyshev(reciprocal(max(size, constantLike(x, 1))), scaledErfc());
  const large = mul(sign(x), sub(1, mul(exp(neg(square)), scaled)));
  return where(less(abs(x), constantLike(x, 1)), small, large);
}

/** 2/sqrt(pi) (-1)^k / (k! (2 k + 1)): the coefficients of erf(x) / x in x^2. */
const seriesOfErf: readonly number[] = Array.from({ length: 19 }, (_, k) => {
  let factorial = 1;
  for (let i = 2; i <= k; i++) factorial *= i;
  return ((2 / Math.sqrt(Math.PI)) * (k % 2 ? -1 : 1)) / (factorial * (2 * k + 1));
});

/** Horner's rule; the first coefficient is the constant one. */
function polynomial(x: Value, coefficients: readonly number[]): Value {
  return coefficients
    .slice(0, -1)
    .reduceRight<Value>(
      (sum, c) => add(c, mul(x, sum)),
      constantLike(x, coefficients.at(-1) as number),
    );
}

/** Where e^(x^2) erfc(x) is approximated: 1 / x between these. */
const [lowest, highest] = [1 / 6, 1] as const;

/** Clenshaw's rule over [lowest, highest]. */
function chebyshev(t: Value, coefficients: readonly number[]): Value {
  const u = sub(mul(2 / (highest - lowest), t), (highest + lowest) / (highest - lowest));
  let [after, beyond] = [zerosLike(u), zerosLike(u)];
  for (const c of coefficients.slice(1).reverse())
    [after, beyond] = [add(c, sub(mul(mul(2, u), after), beyond)), after];
  return add((coefficients[0] as number) / 2, sub(mul(u, after), beyond));
}

let coefficients: readonly number[] | undefined;

/** Chebyshev coefficients of e^(x^2) erfc(x) in 1 / x, from its continued fraction at the nodes. */
function scaledErfc(): readonly number[] {
  if (coefficients) return coefficients;
  const nodes = 64;
  const values = Array.from({ length: nodes }, (_, i) => {
    const u = Math.cos((Math.PI * (i + 0.5)) / nodes);
    const x = 2 / (u * (highest - lowest) + highest + lowest);
    let fraction = 0;
    for (let k = 400; k > 0; k--) fraction = k / 2 / (x + fraction);
    return 1 / (Math.sqrt(Math.PI) * (x + fraction));
  });
  coefficients = Array.from({ length: 24 }, (_, k) => {
    const terms = values.map((v, i) => v * Math.cos((Math.PI * k * (i + 0.5)) / nodes));
    return (2 / nodes) * terms.reduce((a, b) => a + b, 0);
  });
  return coefficients;
}
