/** @file Slice, Split and Gather of a file, and the tensors that it makes: constants, ranges. */
import { tensorFrom } from "../../../array/tensor.ts";
import * as b from "../../operators/index.ts";
import type { Dimension, Value } from "../../value.ts";
import { normalAxis } from "../../value.ts";
import type { Item } from "../known.ts";
import { fromTensor, isKnown, list, product } from "../known.ts";
import type { Lowering, OnnxNode } from "../node.ts";
import { pad } from "./pad.ts";

/** How far exporters go to say "to the end": at least 2^31 - 1. */
const far = 2 ** 31 - 1;

interface Cut {
  readonly axis: number;
  readonly start: Dimension;
  readonly end: Dimension;
  readonly step: number;
}

/** Bounds as attributes until opset 9, as inputs since opset 10. */
function cuts(node: OnnxNode, rank: number): Cut[] {
  const old = node.opset < 10;
  const starts = old ? (node.ints("starts") ?? []) : node.sizes(1);
  const ends = old ? (node.ints("ends") ?? []) : node.sizes(2);
  const axes = node.axes(10, 3) ?? starts.map((_, axis) => axis);
  const steps = !old && node.has(4) ? node.integers(4) : starts.map(() => 1);
  if (
    ends.length !== starts.length ||
    axes.length !== starts.length ||
    steps.length !== starts.length
  )
    node.refuse("starts, ends, axes and steps differ in number");
  return starts.map((start, i) => ({
    axis: normalAxis(axes[i] as number, rank, "Slice"),
    start,
    end: ends[i] as Dimension,
    step: steps[i] as number,
  }));
}

const slice: Lowering = (node) => {
  const item = node.item(0);
  const all = cuts(node, item.shape.length);
  if (isKnown(item) && item.shape.length === 1) {
    const elements = all.reduce((rest, cut) => {
      const [start, end] = bounds(node, cut);
      const places = b.constant(tensorFrom("int64", [rest.length], [...rest.keys()]));
      return picked(b.slice(places, 0, start, end, cut.step), rest);
    }, item.elements);
    return { type: item.type, shape: [elements.length], elements };
  }
  return all.reduce((x, cut) => {
    const { axis, start, end, step } = cut;
    const whole = start === 0 && step === 1 && (end === "n" || end >= far);
    if (x.shape[axis] === "n" && whole) return x;
    return b.slice(x, axis, ...bounds(node, cut), step);
  }, node.value(0));
};

const bounds = (node: OnnxNode, { start, end }: Cut): [number, number] => {
  if (start === "n" || end === "n") return node.refuse("cannot cut at the batch size n");
  return [start, end];
};

/** The elements that a slice of their places takes. */
function picked(cut: Value, elements: readonly Dimension[]): readonly Dimension[] {
  const { start, step } = cut.attributes as Record<string, number>;
  if (cut.data) return [...elements];
  return Array.from(
    { length: cut.shape[0] as number },
    (_, i) => elements[(start as number) + i * (step as number)] as Dimension,
  );
}

/** Sizes as an attribute until opset 12, as an input since; otherwise equal parts, the last smaller. */
const split: Lowering = (node) => {
  const x = node.value(0);
  const axis = normalAxis(node.int("axis", 0), x.shape.length, "Split");
  const size = x.shape[axis] as Dimension;
  const given = node.opset < 13 ? node.ints("split") : node.has(1) ? node.integers(1) : undefined;
  if (size === "n") return node.outputs === 1 ? x : node.refuse("cannot split the batch");
  const part = Math.ceil(size / node.outputs);
  const sizes =
    given ??
    Array.from({ length: node.outputs }, (_, i) => Math.max(0, Math.min(part, size - i * part)));
  if (sizes.reduce((total, length) => total + length, 0) !== size || sizes.length < node.outputs)
    node.refuse(`parts [${sizes}] do not make up ${size}`);
  let start = 0;
  return sizes.map((length) => {
    start += length;
    return b.slice(x, axis, start - length, start);
  });
};

const gather: Lowering = (node) => {
  const [item, indices] = [node.item(0), node.item(1)];
  const axis = node.int("axis", 0);
  if (!isKnown(item) || item.shape.length !== 1 || !isKnown(indices))
    return b.gather(node.value(0), node.value(1), axis);
  const elements = indices.elements.map((i) => {
    const element = i === "n" ? undefined : item.elements.at(i);
    return element ?? node.refuse(`index ${i} is outside ${item.elements.length} elements`);
  });
  return { type: item.type, shape: indices.shape, elements };
};

const constant: Lowering = (node) => {
  const [ints, floats, tensor] = [
    node.ints("value_ints"),
    node.floats("value_floats"),
    node.tensor("value"),
  ];
  if (tensor) return fromTensor(tensor);
  if (ints) return list(ints);
  if (floats) return b.constant(tensorFrom("float32", [floats.length], floats));
  const [int, float] = [node.int("value_int", Number.NaN), node.float("value_float", Number.NaN)];
  if (!Number.isNaN(int)) return { type: "int64", shape: [], elements: [int] };
  if (!Number.isNaN(float)) return b.scalar("float32", float);
  return node.refuse("expected value, value_int, value_ints, value_float or value_floats");
};

const constantOfShape: Lowering = (node) => {
  const shape = node.sizes(0);
  const filling: Item = fromTensor(node.tensor("value") ?? tensorFrom("float32", [1], [0]));
  if (isKnown(filling)) {
    const [element] = filling.elements;
    const count = product(shape);
    if (element === undefined) return node.refuse("value: expected one element");
    if (typeof count === "number" && count <= 4096 && !shape.includes("n"))
      return {
        type: filling.type,
        shape: shape as readonly number[],
        elements: Array.from({ length: count }, () => element),
      };
    return b.full(filling.type, shape, element as number);
  }
  if (filling.data?.length !== 1) return node.refuse("value: expected one element");
  return b.full(filling.type, shape, Number(filling.data[0]));
};

const range: Lowering = (node) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => {
    const number = b.uniform(node.value(i));
    return number ?? node.refuse(`input ${i} must be a constant number`);
  }) as [number, number, number];
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!(count <= 1e7)) node.refuse(`from ${start} to ${limit} in steps of ${delta}`);
  const numbers = Array.from({ length: count }, (_, i) => start + i * delta);
  const { type } = node.item(0);
  return fromTensor(tensorFrom(type, [count], numbers));
};

export const select: Readonly<Record<string, Lowering>> = {
  Slice: slice,
  Split: split,
  Gather: gather,
  Pad: pad,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
};
