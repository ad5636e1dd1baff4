/** @file Reshape, Transpose, Concat and the like of a file, on values and on known integers. */
import { broadcastShape } from "../../operators/elementwise.ts";
import * as b from "../../operators/index.ts";
import type { Dimension, Shape, Value } from "../../value.ts";
import { describeShape, normalAxis } from "../../value.ts";
import type { Item, Known } from "../known.ts";
import { isKnown, product } from "../known.ts";
import type { Lowering, OnnxNode } from "../node.ts";

const shapeOf = (item: Item): Shape => item.shape;

/** The same elements in another shape. */
function shaped(node: OnnxNode, item: Item, shape: Shape): Item {
  if (!isKnown(item)) return b.reshape(item, shape);
  if (product(shape) !== item.elements.length)
    node.refuse(`${describeShape(item.shape)} does not fit ${describeShape(shape)}`);
  return { ...item, shape: shape as readonly number[] };
}

/** 0 keeps a size (unless `allowzero`), -1 takes what is left. */
const reshape: Lowering = (node) => {
  const item = node.item(0);
  const from = shapeOf(item);
  const wanted = node.sizes(1).map((size, axis) => {
    if (size !== 0 || node.int("allowzero", 0) !== 0) return size;
    return from[axis] ?? node.refuse(`there is no axis ${axis} to keep`);
  });
  // Files of a fixed batch write its size into the shape.
  if (from.includes("n") && !wanted.includes("n") && wanted[0] === node.batch) wanted[0] = "n";
  const open = wanted.indexOf(-1);
  if (open < 0) return shaped(node, item, wanted);
  const rest = wanted.filter((_, axis) => axis !== open);
  const size = quotient(from, rest);
  if (size === null)
    return node.refuse(
      `cannot reshape ${describeShape(from)} to ${describeShape(wanted)}: a size can be a number or the batch size n alone`,
    );
  return shaped(
    node,
    item,
    wanted.map((old, axis) => (axis === open ? size : old)),
  );
};

/** The size that makes `rest` as many elements as `from`. */
function quotient(from: Shape, rest: Shape): Dimension | null {
  const count = (shape: Shape): [number, number] => {
    const numbers = shape.filter((size) => size !== "n") as number[];
    return [numbers.reduce((x, y) => x * y, 1), shape.length - numbers.length];
  };
  const [[numbers, symbols], [known, used]] = [count(from), count(rest)];
  const size = numbers / known;
  if (!Number.isInteger(size) || size < 0) return null;
  if (symbols === used) return size;
  return symbols === used + 1 && size === 1 ? "n" : null;
}

const flatten: Lowering = (node) => {
  const x = node.value(0);
  const axis = node.int("axis", 1);
  const rank = x.shape.length;
  const at = axis < 0 ? axis + rank : axis;
  if (at < 0 || at > rank) node.refuse(`axis ${axis} is outside a tensor of rank ${rank}`);
  const [outer, inner] = [product(x.shape.slice(0, at)), product(x.shape.slice(at))];
  if (outer === null || inner === null)
    return node.refuse(`cannot flatten ${describeShape(x.shape)} at axis ${axis}: bind n first`);
  return b.reshape(x, [outer, inner]);
};

const squeeze: Lowering = (node) => {
  const item = node.item(0);
  const shape = shapeOf(item);
  const given = node.axes(13);
  const axes = given?.map((axis) => normalAxis(axis, shape.length, "Squeeze"));
  for (const axis of axes ?? [])
    if (shape[axis] !== 1) node.refuse(`axis ${axis} of ${describeShape(shape)} is not 1`);
  const gone = (size: Dimension, axis: number) => (axes ? axes.includes(axis) : size === 1);
  return shaped(
    node,
    item,
    shape.filter((size, axis) => !gone(size, axis)),
  );
};

const unsqueeze: Lowering = (node) => {
  const item = node.item(0);
  const given = node.axes(13) ?? node.refuse("expected axes");
  const rank = shapeOf(item).length + given.length;
  const axes = new Set(given.map((axis) => normalAxis(axis, rank, "Unsqueeze")));
  const old = [...shapeOf(item)];
  const shape = Array.from({ length: rank }, (_, axis) =>
    axes.has(axis) ? 1 : (old.shift() ?? node.refuse(`axes [${given}] name one axis twice`)),
  );
  return shaped(node, item, shape);
};

const transpose: Lowering = (node) => {
  const x = node.value(0);
  const reversed = x.shape.map((_, axis) => x.shape.length - 1 - axis);
  return b.transpose(x, node.ints("perm") ?? reversed);
};

const expand: Lowering = (node) => {
  const item = node.item(0);
  const given = node.sizes(1);
  // A file of a fixed batch widens to its size; one row is left alone, for it widens anyhow.
  const fixed = given[0] === node.batch && (item.shape[0] === "n" || node.batch !== 1);
  const target = fixed && given.length > 1 ? ["n" as const, ...given.slice(1)] : given;
  if (isKnown(item) && item.elements.length === 1 && !target.includes("n")) {
    const shape = target as readonly number[];
    const count = product(shape) as number;
    if (count <= 4096)
      return {
        ...item,
        shape,
        elements: Array.from({ length: count }, () => item.elements[0] ?? 0),
      };
  }
  const x = node.value(0);
  return b.expand(x, broadcastShape("Expand", [x, { ...x, shape: target }]));
};

const concat: Lowering = (node) => {
  const axis = node.int("axis");
  const known = node.allKnown();
  if (known?.every(({ shape }) => shape.length === 1)) {
    const elements = known.flatMap((part) => part.elements);
    return { type: (known[0] as Known).type, shape: [elements.length], elements };
  }
  return b.concat(node.values(), axis);
};

const shape: Lowering = (node) => {
  const sizes = shapeOf(node.item(0));
  const end = node.int("end", sizes.length);
  const elements = sizes.slice(node.int("start", 0), end);
  return { type: "int64", shape: [elements.length], elements };
};

const size: Lowering = (node) => {
  const count = product(shapeOf(node.item(0)));
  if (count === null) return node.refuse("the size is a multiple of the batch size n");
  return { type: "int64", shape: [], elements: [count] };
};

/** Copies along an axis: a new axis in front of it is widened and joined with it. */
const tile: Lowering = (node) => {
  const x = node.value(0);
  const repeats = node.integers(1);
  if (repeats.length !== x.shape.length)
    node.refuse(`expected ${x.shape.length} numbers of copies, got [${repeats}]`);
  return repeats.reduce((y, copies, axis) => {
    if (copies === 1) return y;
    const size = y.shape[axis];
    if (size === "n" || !(copies >= 1)) return node.refuse(`cannot repeat ${size} ${copies} times`);
    const [before, behind] = [y.shape.slice(0, axis), y.shape.slice(axis)];
    const wide = b.expand(b.reshape(y, [...before, 1, ...behind]), [...before, copies, ...behind]);
    return b.reshape(wide, [...before, copies * (size as number), ...behind.slice(1)]);
  }, x);
};

/** [N, C, H, W] of `x` in the order in which blocks are taken apart or put together. */
function blocks(node: OnnxNode): {
  x: Value;
  sizes: [Dimension, number, number, number];
  b: number;
} {
  const x = node.value(0);
  const size = node.int("blocksize");
  if (x.shape.length !== 4 || x.shape.slice(1).includes("n") || size < 1)
    node.refuse(`expected an image [N, C, H, W] and blocks, got ${describeShape(x.shape)}`);
  return { x, sizes: x.shape as [Dimension, number, number, number], b: size };
}

const depthToSpace: Lowering = (node) => {
  const { x, sizes, b: size } = blocks(node);
  const [N, C, H, W] = sizes;
  const depth = C / size ** 2;
  if (!Number.isInteger(depth)) node.refuse(`${C} channels do not make blocks of ${size}`);
  const mode = node.string("mode", "DCR");
  if (mode !== "DCR" && mode !== "CRD") node.refuse(`mode: expected DCR or CRD, got ${mode}`);
  const parts =
    mode === "DCR"
      ? b.transpose(b.reshape(x, [N, size, size, depth, H, W]), [0, 3, 4, 1, 5, 2])
      : b.transpose(b.reshape(x, [N, depth, size, size, H, W]), [0, 1, 4, 2, 5, 3]);
  return b.reshape(parts, [N, depth, H * size, W * size]);
};

const spaceToDepth: Lowering = (node) => {
  const { x, sizes, b: size } = blocks(node);
  const [N, C, H, W] = sizes;
  const [rows, columns] = [H / size, W / size];
  if (!Number.isInteger(rows) || !Number.isInteger(columns))
    node.refuse(`${H} x ${W} does not make blocks of ${size}`);
  const parts = b.transpose(b.reshape(x, [N, C, rows, size, columns, size]), [0, 3, 5, 1, 2, 4]);
  return b.reshape(parts, [N, C * size ** 2, rows, columns]);
};

export const arrange: Readonly<Record<string, Lowering>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Expand: expand,
  Concat: concat,
  Tile: tile,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Shape: shape,
  Size: size,
};
