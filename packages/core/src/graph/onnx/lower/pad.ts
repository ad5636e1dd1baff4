/** @file Pad of a file, in every mode: zeros, a number, mirrored, the edge, or round and round. */
import * as b from "../../operators/index.ts";
import type { Value } from "../../value.ts";
import { normalAxis } from "../../value.ts";
import type { Lowering, OnnxNode } from "../node.ts";
import { indexConstant } from "./axis.ts";

/** The element of an axis of `size` that stands at place i outside of it. */
const readers: Readonly<Record<string, (i: number, size: number) => number>> = {
  reflect(i, size) {
    const period = Math.max(1, 2 * (size - 1));
    const place = ((i % period) + period) % period;
    return Math.min(place, period - place);
  },
  edge: (i, size) => Math.min(size - 1, Math.max(0, i)),
  wrap: (i, size) => ((i % size) + size) % size,
};

/** Amounts by axis, [before, after]; negative ones cut. */
function amounts(
  node: OnnxNode,
  x: Value,
): (readonly [axis: number, before: number, after: number])[] {
  const pads = node.opset < 11 ? (node.ints("pads") ?? []) : node.integers(1);
  const all = x.shape.map((_, axis) => axis);
  const given = node.has(3) ? node.integers(3) : all;
  const axes = given.map((axis) => normalAxis(axis, all.length, "Pad"));
  if (pads.length !== 2 * axes.length) node.refuse(`expected two amounts an axis, got [${pads}]`);
  return axes.flatMap((axis, i) => {
    const [before, after] = [pads[i] as number, pads[i + axes.length] as number];
    if (before === 0 && after === 0) return [];
    if (x.shape[axis] === "n") return node.refuse("cannot pad the batch");
    return [[axis, before, after] as const];
  });
}

/** What a number other than zero adds to a tensor padded with zeros: it, where the zeros are. */
function filled(x: Value, axis: number, before: number, after: number, filling: number): Value {
  const zeros = b.pad(x, axis, before, after);
  if (filling === 0) return zeros;
  const inside = b.full(
    x.type,
    x.shape.map((size, i) => (i === axis ? size : 1)),
    1,
  );
  const outside = b.sub(1, b.pad(inside, axis, before, after));
  // 0 times infinity is no number, so a choice and no product.
  return b.where(b.greater(outside, b.zerosLike(outside)), b.full(x.type, [], filling), zeros);
}

export const pad: Lowering = (node) => {
  const x = node.value(0);
  const mode = node.string("mode", "constant");
  const old = node.opset < 11;
  const filling = old ? node.float("value", 0) : node.has(2) ? b.uniform(node.value(2)) : 0;
  if (filling === null) return node.refuse("the filling must be a constant number");
  const read = readers[mode];
  if (!read && mode !== "constant")
    node.refuse(`mode: expected constant, ${Object.keys(readers).join(", ")}, got ${mode}`);
  return amounts(node, x).reduce((y, [axis, before, after]) => {
    const size = y.shape[axis] as number;
    if (read) {
      const places = Array.from({ length: Math.max(0, size + before + after) }, (_, i) =>
        read(i - before, size),
      );
      return b.gather(y, indexConstant([places.length], places), axis);
    }
    const cut = b.slice(y, axis, Math.max(0, -before), size - Math.max(0, -after));
    return filled(cut, axis, Math.max(0, before), Math.max(0, after), filling);
  }, x);
};
