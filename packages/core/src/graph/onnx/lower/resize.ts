/** @file Resize and Upsample of a file: each axis on its own, by picking or by weighted neighbours. */
import * as b from "../../operators/index.ts";
import type { Value } from "../../value.ts";
import { normalAxis } from "../../value.ts";
import type { Lowering, OnnxNode } from "../node.ts";
import { alongAxis, indexConstant, matrixConstant } from "./axis.ts";

/** One axis: how many elements there are, how many are wanted, and what the file calls the ratio. */
interface Axis {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

type Coordinate = (axis: Axis, i: number) => number;

/** Where result i lies among the elements of an axis. */
const coordinates: Readonly<Record<string, Coordinate>> = {
  half_pixel: ({ scale }, i) => (i + 0.5) / scale - 0.5,
  half_pixel_symmetric({ from, to, scale }, i) {
    const adjusted = to / (scale * from);
    return (from / 2) * (1 - adjusted) + (i + 0.5) / scale - 0.5;
  },
  pytorch_half_pixel: ({ to, scale }, i) => (to > 1 ? (i + 0.5) / scale - 0.5 : 0),
  align_corners: ({ from, to }, i) => (to > 1 ? (i * (from - 1)) / (to - 1) : 0),
  asymmetric: ({ scale }, i) => i / scale,
};

const roundings: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** Weights of the neighbours at `floor(x) + first, …` for the fraction of x. */
interface Kernel {
  readonly first: number;
  weights(fraction: number): readonly number[];
}

const tent: Kernel = { first: 0, weights: (t) => [1 - t, t] };

/** Keys's cubic convolution; a is -0.75 unless the file says otherwise. */
const cubic = (a: number): Kernel => {
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number): number => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return { first: -1, weights: (t) => [far(t + 1), near(t), near(1 - t), far(2 - t)] };
};

function named<T>(
  node: OnnxNode,
  name: string,
  table: Readonly<Record<string, T>>,
  given: string,
): T {
  return (
    table[given] ?? node.refuse(`${name}: expected one of ${Object.keys(table)}, got ${given}`)
  );
}

function resized(
  node: OnnxNode,
  x: Value,
  axes: ReadonlyMap<number, Axis>,
  place: Coordinate,
): Value {
  const mode = node.string("mode", "nearest");
  const clamped = (at: number, { from }: Axis): number => Math.min(from - 1, Math.max(0, at));
  if (mode === "nearest") {
    const fallback = node.opset < 11 ? "floor" : "round_prefer_floor";
    const round = named(node, "nearest_mode", roundings, node.string("nearest_mode", fallback));
    return each(axes, x, (y, i, axis) => {
      // A place that lies between two but for the last digit is meant to lie between them.
      const at = (j: number): number => round(Number(place(axis, j).toFixed(9)));
      const indices = Array.from({ length: axis.to }, (_, j) => clamped(at(j), axis));
      return b.gather(y, indexConstant([axis.to], indices), i);
    });
  }
  const kernel =
    mode === "cubic"
      ? cubic(node.float("cubic_coeff_a", -0.75))
      : mode === "linear"
        ? tent
        : node.refuse(`mode: expected nearest, linear or cubic, got ${mode}`);
  return each(axes, x, (y, i, axis) => {
    const rows = Array.from({ length: axis.to }, (_, j) => {
      const at = mode === "linear" ? clamped(place(axis, j), axis) : place(axis, j);
      const whole = Math.floor(at);
      const row = new Float64Array(axis.from);
      kernel.weights(at - whole).forEach((weight, k) => {
        const neighbour = clamped(whole + kernel.first + k, axis);
        row[neighbour] = (row[neighbour] as number) + weight;
      });
      return row;
    });
    return alongAxis(y, i, matrixConstant(x, rows));
  });
}

/** f along each axis that changes. */
function each(
  axes: ReadonlyMap<number, Axis>,
  x: Value,
  f: (y: Value, i: number, axis: Axis) => Value,
): Value {
  return [...axes].reduce((y, [i, axis]) => f(y, i, axis), x);
}

/** The axes that change, from ratios or from sizes, one for each of `axes`. */
function changes(
  node: OnnxNode,
  x: Value,
  axes: readonly number[],
  {
    scales,
    sizes,
  }: { readonly scales?: readonly number[]; readonly sizes?: readonly (number | "n")[] },
): Map<number, Axis> {
  const given = sizes ?? scales ?? node.refuse("expected scales or sizes");
  if (given.length !== axes.length)
    node.refuse(`expected ${axes.length} scales or sizes, got ${given.length}`);
  const changed = new Map<number, Axis>();
  axes.forEach((i, at) => {
    const from = x.shape[i];
    const [size, scale] = [sizes?.[at], scales?.[at]];
    if (from === "n" || from === undefined) {
      if (scale !== undefined ? scale !== 1 : size !== "n" && size !== node.batch)
        node.refuse("cannot resize the batch");
      return;
    }
    const to = size ?? Math.floor(from * (scale as number) + 1e-6);
    if (typeof to !== "number" || !(to >= 1)) node.refuse(`cannot resize ${from} to ${to}`);
    else if (to !== from || (scale ?? 1) !== 1)
      changed.set(i, { from, to, scale: scale ?? to / from });
  });
  return changed;
}

const resize: Lowering = (node) => {
  const x = node.value(0);
  const all = x.shape.map((_, axis) => axis);
  if (node.int("antialias", 0) !== 0) node.refuse("antialias is not supported");
  if (node.int("exclude_outside", 0) !== 0) node.refuse("exclude_outside is not supported");
  const policy = node.string("keep_aspect_ratio_policy", "stretch");
  if (policy !== "stretch")
    node.refuse(`keep_aspect_ratio_policy: expected stretch, got ${policy}`);
  const axes = node.ints("axes")?.map((axis) => normalAxis(axis, all.length, "Resize")) ?? all;
  if (node.opset < 11)
    return resized(
      node,
      x,
      changes(node, x, axes, { scales: node.numbers(1) }),
      coordinates.asymmetric as Coordinate,
    );
  const [scales, sizes] = [
    node.has(2) && node.item(2).shape[0] !== 0 ? node.numbers(2) : undefined,
    node.has(3) ? node.sizes(3) : undefined,
  ];
  const mode = node.string("coordinate_transformation_mode", "half_pixel");
  const place = named(node, "coordinate_transformation_mode", coordinates, mode);
  return resized(node, x, changes(node, x, axes, { scales, sizes }), place);
};

/** Ratios as an attribute until opset 8, as an input in opset 9. */
const upsample: Lowering = (node) => {
  const x = node.value(0);
  const scales = node.opset < 9 ? node.floats("scales") : node.numbers(1);
  const axes = x.shape.map((_, axis) => axis);
  return resized(node, x, changes(node, x, axes, { scales }), coordinates.asymmetric as Coordinate);
};

export const resizing: Readonly<Record<string, Lowering>> = { Resize: resize, Upsample: upsample };
