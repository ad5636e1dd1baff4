/** @file Arithmetic, activations, comparisons and Cast of a file. */

import { tensorFrom } from "../../../array/tensor.ts";
import * as b from "../../operators/index.ts";
import type { Dimension, Value } from "../../value.ts";
import { scalarType } from "../decode.ts";
import type { Item, Known, Rule } from "../known.ts";
import {
  arithmetic,
  comparisons,
  floatArithmetic,
  isKnown,
  list,
  mapKnown,
  rounded,
  toValue,
} from "../known.ts";
import type { Lowering, OnnxNode } from "../node.ts";

const unary =
  (f: (x: Value, node: OnnxNode) => Value): Lowering =>
  (node) =>
    f(node.value(0), node);

/** Two inputs; on known numbers by `rules`, which answer in `type`, their own by default. */
const binary =
  (
    f: (x: Value, y: Value) => Value,
    rules?: Readonly<Record<string, Rule>>,
    answer?: Known["type"],
  ): Lowering =>
  (node) => {
    if (node.items.length !== 2) node.refuse(`expected 2 inputs, got ${node.items.length}`);
    const known = node.allKnown();
    const own = (known?.[0] as Known | undefined)?.type ?? "int64";
    const type = answer ?? own;
    const rule = (rules ?? (own.startsWith("float") ? floatArithmetic : arithmetic))[node.operator];
    const folded = known && rule && mapKnown(type, known, (x, y) => rounded(type, rule(x, y)));
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

/** A known input as it is computed by `f`, where all of it is numbers. */
const onKnown =
  (f: (x: number) => number, otherwise: Lowering): Lowering =>
  (node) => {
    const known = node.allKnown();
    const type = (known?.[0] as Known | undefined)?.type ?? "int64";
    const number = (x: Dimension): Dimension | null => (x === "n" ? null : rounded(type, f(x)));
    return (known && mapKnown(type, known, number)) ?? otherwise(node);
  };

/** Floor and its kin, of known numbers alone: a decoder that rounds has no derivative. n is whole. */
const rounding =
  (f: (x: number) => number): Lowering =>
  (node) => {
    const known = node.allKnown();
    const folded =
      known && mapKnown((known[0] as Known).type, known, (x) => (x === "n" ? x : f(x)));
    return folded ?? node.refuse("rounding has no derivative; it is supported of sizes alone");
  };

/** To the nearest, of two as near to the even one. */
const toEven = (x: number): number => {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
};

/** The classes 0, 1, … against indices, negative ones counted from the back. */
const oneHot: Lowering = (node) => {
  const [depth] = node.integers(1);
  if (!depth || depth < 1) return node.refuse("depth: expected a number of classes");
  const indices = b.cast(node.value(0), "int64");
  const counted = b.where(b.less(indices, b.zerosLike(indices)), b.add(indices, depth), indices);
  const rank = indices.shape.length + 1;
  const given = node.int("axis", -1);
  const axis = given < 0 ? given + rank : given;
  const wide = [...indices.shape.slice(0, axis), 1, ...indices.shape.slice(axis)];
  const classes = toClasses(depth, rank - 1 - axis);
  const hits = b.equal(b.reshape(counted, wide), classes);
  const [off, on] = [0, 1].map((i) => b.slice(b.reshape(node.value(2), [2]), 0, i, i + 1));
  return b.where(hits, on as Value, off as Value);
};

const toClasses = (depth: number, behind: number): Value => {
  const { elements } = list([...Array(depth).keys()]);
  const shape = [depth, ...Array.from({ length: behind }, () => 1)];
  return b.constant(tensorFrom("int64", shape, elements as number[]));
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
  const known = node.allKnown()?.[0];
  if (known) return castKnown(known, to);
  if (!isKnown(item) && item.data && to === "int64") {
    const elements = Array.from(item.data as Float32Array, Math.trunc);
    return { type: to, shape: item.shape as number[], elements };
  }
  return b.cast(node.value(0), to);
};

/** n is a whole number that is not zero, and stays what it is in every type but bool. */
function castKnown(known: Known, to: Known["type"]): Item {
  const convert = (x: Dimension): Dimension => {
    if (to === "bool") return Number(x !== 0);
    if (x === "n") return x;
    return to === "int64" ? Math.trunc(x) : (rounded(to, x) as number);
  };
  return { ...known, type: to, elements: known.elements.map(convert) };
}

const pow: Lowering = (node) => {
  const [x, exponent] = [node.value(0), node.item(1)];
  const known = isKnown(exponent) && toValue({ ...exponent, type: x.type });
  return b.pow(x, known || b.cast(node.value(1), x.type));
};

const hardSigmoid = (x: Value, alpha: number, beta: number): Value =>
  b.max(b.min(b.add(b.mul(alpha, x), beta), 1), 0);

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
    const folded = known && mapKnown("int64", known, arithmetic.Mod as Rule);
    return folded ?? node.refuse("only remainders of known integers are supported");
  },
  Max: variadic(b.max),
  Min: variadic(b.min),
  Sum: variadic(b.add),
  Mean: (node) => b.mul(node.values().reduce(b.add), 1 / node.items.length),
  Neg: onKnown((x) => -x, unary(b.neg)),
  Abs: onKnown(Math.abs, unary(b.abs)),
  Sign: onKnown(Math.sign, unary(b.sign)),
  Sqrt: onKnown(Math.sqrt, unary(b.sqrt)),
  Floor: rounding(Math.floor),
  Ceil: rounding(Math.ceil),
  Round: rounding(toEven),
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
    hardSigmoid(x, node.float("alpha", 0.2), node.float("beta", 0.5)),
  ),
  HardSwish: unary((x) => b.mul(x, hardSigmoid(x, 1 / 6, 0.5))),
  ThresholdedRelu: unary((x, node) => {
    const alpha = b.full(x.type, x.shape, node.float("alpha", 1));
    return b.where(b.greater(x, alpha), x, b.zerosLike(x));
  }),
  OneHot: oneHot,
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
