/** @file Arithmetic, activations, comparisons and Cast of a file. */

import * as b from "../../operators/index.ts";
import type { Value } from "../../value.ts";
import { scalarType } from "../decode.ts";
import type { Known } from "../known.ts";
import { arithmetic, comparisons, isKnown, mapKnown } from "../known.ts";
import type { Lowering, OnnxNode } from "../node.ts";

const unary =
  (f: (x: Value, node: OnnxNode) => Value): Lowering =>
  (node) =>
    f(node.value(0), node);

/** Two inputs; on known integers by `rules`, which answer in `type`. */
const binary =
  (
    f: (x: Value, y: Value) => Value,
    rules: typeof arithmetic = arithmetic,
    type: Known["type"] = "int64",
  ): Lowering =>
  (node) => {
    if (node.items.length !== 2) node.refuse(`expected 2 inputs, got ${node.items.length}`);
    const rule = rules[node.operator];
    const known = node.allKnown();
    const folded = known && rule && mapKnown(type, known, rule);
    return folded ?? f(node.value(0), node.value(1));
  };

const comparison = (f: (x: Value, y: Value) => Value): Lowering => binary(f, comparisons, "bool");

/** Any number of inputs, joined one after the other. */
const variadic =
  (f: (x: Value, y: Value) => Value): Lowering =>
  (node) => {
    if (node.items.length === 2) return binary(f)(node);
    return node.values().reduce(f);
  };

/** A known integer input as it is computed by `f`, where all of it is numbers. */
const onKnown =
  (f: (x: number) => number, otherwise: Lowering): Lowering =>
  (node) => {
    const known = node.allKnown();
    const number = (x: number | "n"): number | null => (x === "n" ? null : f(x));
    return (known && mapKnown((known[0] as Known).type, known, number)) ?? otherwise(node);
  };

const where: Lowering = (node) => {
  const known = node.allKnown();
  const folded =
    known?.length === 3 &&
    mapKnown((known[1] as Known).type, known, (condition, yes, no) => (condition ? yes : no));
  return folded || b.where(node.value(0), node.value(1), node.value(2));
};

/** Bounds from attributes until opset 11, from optional inputs since. */
const clip: Lowering = (node) => {
  const x = node.value(0);
  const bounded = node.opset < 11;
  const low = bounded ? node.float("min", -Infinity) : node.has(1) ? node.value(1) : -Infinity;
  const high = bounded ? node.float("max", Infinity) : node.has(2) ? node.value(2) : Infinity;
  const above = low === -Infinity ? x : b.max(x, low);
  return high === Infinity ? above : b.min(above, high);
};

const cast: Lowering = (node) => {
  const to = scalarType(node.int("to"), node.place);
  const item = node.item(0);
  if (isKnown(item)) {
    if (to === "int64" || (to === "bool" && item.type === "bool")) return { ...item, type: to };
    return b.cast(node.value(0), to);
  }
  if (item.data && to === "int64") {
    const elements = Array.from(item.data as Float32Array, Math.trunc);
    return { type: to, shape: item.shape as number[], elements };
  }
  return b.cast(item, to);
};

const pow: Lowering = (node) => {
  const [x, exponent] = [node.value(0), node.value(1)];
  return b.pow(x, b.cast(exponent, x.type));
};

const positive = (x: Value): Value => b.greater(x, b.zerosLike(x));
const negativePart = (x: Value): Value => b.min(x, 0);

export const elementwise: Readonly<Record<string, Lowering>> = {
  Add: binary(b.add),
  Sub: binary(b.sub),
  Mul: binary(b.mul),
  Div: binary(b.div),
  Pow: pow,
  Mod: (node) => {
    const known = node.allKnown();
    const folded = known && mapKnown("int64", known, arithmetic.Mod as (typeof arithmetic)[string]);
    return folded ?? node.refuse("only remainders of known integers are supported");
  },
  Max: variadic(b.max),
  Min: variadic(b.min),
  Sum: variadic(b.add),
  Mean: (node) => b.mul(node.values().reduce(b.add), 1 / node.items.length),
  Neg: onKnown((x) => -x, unary(b.neg)),
  Abs: onKnown(Math.abs, unary(b.abs)),
  Sign: onKnown(Math.sign, unary(b.sign)),
  Sqrt: unary(b.sqrt),
  Reciprocal: unary(b.reciprocal),
  Exp: unary(b.exp),
  Log: unary(b.log),
  Sin: unary(b.sin),
  Cos: unary(b.cos),
  Asin: unary(b.asin),
  Acos: unary(b.acos),
  Atan: unary(b.atan),
  Tanh: unary(b.tanh),
  Erf: unary(b.erf),
  Sigmoid: unary(b.sigmoid),
  Softplus: unary(b.softplus),
  Relu: unary(b.relu),
  LeakyRelu: unary((x, node) => b.leakyRelu(x, node.float("alpha", 0.01))),
  Elu: unary((x, node) => b.elu(x, node.float("alpha", 1))),
  Gelu: (node) => {
    const approximate = node.string("approximate", "none");
    if (approximate === "none" || approximate === "tanh") return b.gelu(node.value(0), approximate);
    return node.refuse(`approximate: expected none or tanh, got ${approximate}`);
  },
  Celu: unary((x, node) => {
    const alpha = node.float("alpha", 1);
    return b.add(b.relu(x), b.mul(alpha, b.elu(b.div(negativePart(x), alpha), 1)));
  }),
  Selu: unary((x, node) =>
    b.mul(
      node.float("gamma", 1.0507009873554805),
      b.elu(x, node.float("alpha", 1.6732632423543772)),
    ),
  ),
  Softsign: unary((x) => b.div(x, b.add(1, b.abs(x)))),
  Mish: unary((x) => b.mul(x, b.tanh(b.softplus(x)))),
  HardSigmoid: unary((x, node) =>
    b.max(b.min(b.add(b.mul(node.float("alpha", 0.2), x), node.float("beta", 0.5)), 1), 0),
  ),
  PRelu: (node) => {
    const x = node.value(0);
    return b.where(positive(x), x, b.mul(node.value(1), x));
  },
  Clip: clip,
  Where: where,
  Equal: comparison(b.equal),
  Greater: comparison(b.greater),
  GreaterOrEqual: comparison(b.greaterOrEqual),
  Less: comparison(b.less),
  LessOrEqual: comparison(b.lessOrEqual),
  And: comparison(b.and),
  Or: comparison(b.or),
  Not: onKnown((x) => Number(!x), unary(b.not)),
  Cast: cast,
  CastLike: (node) => b.cast(node.value(0), node.item(1).type),
  Identity: (node) => node.item(0),
  // Inference leaves the input as it is; the mask, a second result, is not offered.
  Dropout: (node) => node.item(0),
};
