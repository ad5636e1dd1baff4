/**
 * @file Numbers that are known while a file is read: constants, and sizes read off shapes.
 *
 * Exporters compute target shapes inside the graph (Shape, Gather, Concat, Reshape). Such numbers,
 * also where they pass through floats on the way (an Upsample's sizes), are followed here, with the symbol n among them, so that shapes are plain attributes again. The
 * symbol counts as different from every number: what holds for n alone is not looked for.
 */
import type { Tensor } from "../../array/tensor.ts";
import { sizeOf, tensorFrom, toNumbers } from "../../array/tensor.ts";
import { constant } from "../operators/leaf.ts";
import type { Dimension, Value } from "../value.ts";

export interface Known {
  /** `bool` elements are 0 or 1. */
  readonly type: "int64" | "bool" | "float32" | "float64";
  readonly shape: readonly number[];
  readonly elements: readonly Dimension[];
}

/** What a name of the file stands for. */
export type Item = Value | Known;

export const isKnown = (item: Item): item is Known => "elements" in item;

export const list = (elements: readonly Dimension[]): Known => ({
  type: "int64",
  shape: [elements.length],
  elements,
});

/** Integer constants are known; all others are values. */
export function fromTensor(tensor: Tensor): Item {
  const { type, shape } = tensor;
  if (type === "int64" || type === "bool") return { type, shape, elements: toNumbers(tensor) };
  return constant(tensor);
}

/** An item as known numbers, also a small constant of floats; undefined where it is not known. */
export function asKnown(item: Item): Known | undefined {
  if (isKnown(item)) return item;
  const { type, data, shape } = item;
  if (!data || data.length > 16 || (type !== "float32" && type !== "float64")) return undefined;
  return { type, shape: shape as readonly number[], elements: Array.from(data, Number) };
}

/** Known numbers as a constant; null where the symbol is among them, or an integer is too large. */
export function toValue({ type, shape, elements }: Known): Value | null {
  const fits = type.startsWith("float")
    ? (element: Dimension) => element !== "n"
    : (element: Dimension) => Number.isSafeInteger(element);
  if (!elements.every(fits)) return null;
  return constant(tensorFrom(type, shape, elements as readonly number[]));
}

/** f of elements at the same place after broadcasting; null where f says null or shapes do not fit. */
export function mapKnown(
  type: Known["type"],
  items: readonly Known[],
  f: (...elements: Dimension[]) => Dimension | null,
): Known | null {
  const rank = Math.max(...items.map(({ shape }) => shape.length));
  const shape = Array.from({ length: rank }, (_, axis) => {
    const sizes = items.map((item) => item.shape[axis - rank + item.shape.length] ?? 1);
    const wide = new Set(sizes.filter((size) => size !== 1));
    return wide.size > 1 ? -1 : ([...wide][0] ?? 1);
  });
  if (shape.includes(-1)) return null;
  const elements: Dimension[] = [];
  for (let i = 0; i < sizeOf(shape); i++) {
    const result = f(...items.map((item) => broadcastElement(item, shape, i)));
    if (result === null) return null;
    elements.push(result);
  }
  return { type, shape, elements };
}

function broadcastElement(item: Known, shape: readonly number[], position: number): Dimension {
  let [rest, stride, own] = [position, 1, 0];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const index = rest % (shape[axis] as number);
    rest = Math.floor(rest / (shape[axis] as number));
    const size = item.shape[axis - shape.length + item.shape.length] ?? 1;
    if (size === 1) continue;
    own += index * stride;
    stride *= size;
  }
  return item.elements[own] as Dimension;
}

/** Product of sizes; null where it is no number and not n alone. */
export function product(sizes: readonly Dimension[]): Dimension | null {
  const numbers = sizes.filter((size) => size !== "n") as number[];
  const size = numbers.reduce((a, b) => a * b, 1);
  const symbols = sizes.length - numbers.length;
  if (symbols === 0 || size === 0) return size;
  return symbols === 1 && size === 1 ? "n" : null;
}

export type Rule = (a: Dimension, b: Dimension) => Dimension | null;

/** A result in the precision of its type. */
export const rounded = (type: Known["type"], element: Dimension | null): Dimension | null =>
  type === "float32" && typeof element === "number" ? Math.fround(element) : element;

/** `plain` on numbers; `symbolic` where n is on either side. */
const rule =
  (plain: (a: number, b: number) => number, symbolic: Rule): Rule =>
  (a, b) => {
    if (a !== "n" && b !== "n") {
      const result = plain(a, b);
      return Number.isNaN(result) ? null : result;
    }
    return symbolic(a, b);
  };

const unknown: Rule = () => null;

export const arithmetic: Readonly<Record<string, Rule>> = {
  Add: rule(
    (a, b) => a + b,
    (a, b) => (b === 0 ? a : a === 0 ? b : null),
  ),
  Sub: rule(
    (a, b) => a - b,
    (a, b) => (a === b ? 0 : b === 0 ? a : null),
  ),
  Mul: rule(
    (a, b) => a * b,
    (a, b) => product([a, b]),
  ),
  Div: rule(
    (a, b) => (b === 0 ? Number.NaN : Math.trunc(a / b)),
    (a, b) => (a === b ? 1 : b === 1 ? a : null),
  ),
  Max: rule(Math.max, (a, b) =>
    a === b || b === 1 || b === 0 ? a : a === 1 || a === 0 ? b : null,
  ),
  Min: rule(Math.min, (a, b) => (a === b ? a : null)),
  Mod: rule((a, b) => (b === 0 ? Number.NaN : ((a % b) + b) % b), unknown),
};

/** Of floats, whose division leaves nothing out. */
export const floatArithmetic: Readonly<Record<string, Rule>> = {
  ...arithmetic,
  Div: rule(
    (a, b) => a / b,
    (a, b) => (a === b ? 1 : b === 1 ? a : null),
  ),
  Mod: unknown,
  Pow: rule((a, b) => a ** b, unknown),
};

export const comparisons: Readonly<Record<string, Rule>> = {
  Equal: (a, b) => Number(a === b),
  Greater: rule((a, b) => Number(a > b), unknown),
  GreaterOrEqual: rule((a, b) => Number(a >= b), unknown),
  Less: rule((a, b) => Number(a < b), unknown),
  LessOrEqual: rule((a, b) => Number(a <= b), unknown),
  And: rule((a, b) => Number(a !== 0 && b !== 0), unknown),
  Or: rule((a, b) => Number(a !== 0 || b !== 0), unknown),
};
