/** @file Convolutions and pooling of a file: windows that slide over the spatial axes. */
import { perChannel } from "../../operators/convolution.ts";
import * as b from "../../operators/index.ts";
import type { Value } from "../../value.ts";
import type { Lowering, OnnxNode } from "../node.ts";
import { alongAxis, indexConstant, matrixConstant } from "./axis.ts";

/** A window as a file gives it, one entry an axis; pads are to be completed by `auto_pad`. */
interface Window {
  readonly image: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

function windowOf(node: OnnxNode, x: Value, kernel: readonly number[]): Window {
  const image = x.shape.slice(2);
  if (image.length !== kernel.length || image.length === 0)
    node.refuse(`expected an image [N, C, ...] with ${kernel.length} axes, got [${x.shape}]`);
  if (image.includes("n")) node.refuse("a window cannot slide along the batch");
  const ones = kernel.map(() => 1);
  const [strides, dilations] = [node.ints("strides") ?? ones, node.ints("dilations") ?? ones];
  if (strides.length !== kernel.length || dilations.length !== kernel.length)
    node.refuse(`expected ${kernel.length} strides and dilations`);
  return { image: image as number[], kernel, strides, dilations };
}

const reach = ({ kernel, dilations }: Window, i: number): number =>
  (dilations[i] as number) * ((kernel[i] as number) - 1) + 1;

/** `total` pads on each axis as `auto_pad` divides them: the odd one at the end, or at the beginning. */
function divided(totals: readonly number[], oddAtEnd: boolean): number[] {
  const small = totals.map((total) => Math.floor(total / 2));
  const large = totals.map((total, i) => total - (small[i] as number));
  return oddAtEnd ? [...small, ...large] : [...large, ...small];
}

/** Pads of a convolution or a pool, as given or by `auto_pad`. */
function padsOf(node: OnnxNode, window: Window): readonly number[] {
  const auto = node.string("auto_pad", "NOTSET");
  const none = [...window.image, ...window.image].map(() => 0);
  if (auto === "NOTSET") return node.ints("pads") ?? none;
  if (auto === "VALID") return none;
  if (auto !== "SAME_UPPER" && auto !== "SAME_LOWER") return node.refuse(`auto_pad: got ${auto}`);
  const totals = window.image.map((size, i) => {
    const stride = window.strides[i] as number;
    const result = Math.ceil(size / stride);
    return Math.max(0, (result - 1) * stride + reach(window, i) - size);
  });
  return divided(totals, auto === "SAME_UPPER");
}

const withBias = (node: OnnxNode, y: Value): Value =>
  node.has(2) ? b.add(y, perChannel(node.value(2), y.shape.length)) : y;

const kernelOf = (node: OnnxNode, w: Value): readonly number[] => {
  const sizes = w.shape.slice(2) as number[];
  const given = node.ints("kernel_shape") ?? sizes;
  if (`${given}` !== `${sizes}`) node.refuse(`kernel_shape [${given}] is not that of [${w.shape}]`);
  return sizes;
};

const conv: Lowering = (node) => {
  const [x, w] = [node.value(0), node.value(1)];
  const window = windowOf(node, x, kernelOf(node, w));
  const { strides, dilations } = window;
  const pads = padsOf(node, window);
  return withBias(node, b.conv(x, w, { strides, dilations, pads, group: node.int("group", 1) }));
};

const convTranspose: Lowering = (node) => {
  const [x, w] = [node.value(0), node.value(1)];
  const window = windowOf(node, x, kernelOf(node, w));
  const { strides, dilations, image } = window;
  const outputPadding = node.ints("output_padding") ?? image.map(() => 0);
  const pads = transposedPads(node, window, outputPadding);
  const group = node.int("group", 1);
  return withBias(node, b.convTranspose(x, w, { strides, dilations, pads, group, outputPadding }));
};

/** Pads of a ConvTranspose: given, or what is left over beyond the size that is asked for. */
function transposedPads(
  node: OnnxNode,
  window: Window,
  outputPadding: readonly number[],
): readonly number[] {
  const auto = node.string("auto_pad", "NOTSET");
  const same = auto === "SAME_UPPER" || auto === "SAME_LOWER";
  const { image, strides } = window;
  const wanted =
    node.ints("output_shape")?.slice(-image.length) ??
    (same ? image.map((size, i) => size * (strides[i] as number)) : undefined);
  if (!wanted) {
    const none = [...image, ...image].map(() => 0);
    return auto === "NOTSET" ? (node.ints("pads") ?? none) : none;
  }
  const totals = image.map((size, i) => {
    const whole = (strides[i] as number) * (size - 1) + (outputPadding[i] as number);
    const total = whole + reach(window, i) - (wanted[i] as number);
    return total >= 0 ? total : node.refuse(`the kernel does not reach a result of [${wanted}]`);
  });
  return divided(totals, auto === "SAME_UPPER");
}

/** A pool's window with its pads, and how many places it takes along each axis. */
interface Pool extends Window {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly places: readonly number[];
}

function poolOf(node: OnnxNode, x: Value): Pool {
  if (node.outputs > 1) node.refuse("the places of the maxima are not supported as a result");
  const kernel = node.ints("kernel_shape") ?? node.refuse("attribute kernel_shape is missing");
  const window = windowOf(node, x, kernel);
  const pads = padsOf(node, window);
  const rank = kernel.length;
  const [before, after] = [pads.slice(0, rank), pads.slice(rank)];
  const round = node.int("ceil_mode", 0) ? Math.ceil : Math.floor;
  const places = window.image.map((size, i) => {
    const [stride, start] = [window.strides[i] as number, before[i] as number];
    const room = size + start + (after[i] as number) - reach(window, i);
    if (room < 0) node.refuse("the window is larger than the image");
    const count = round(room / stride) + 1;
    // A last window that would begin behind the image and its first pads is left out.
    return (count - 1) * stride >= size + start ? count - 1 : count;
  });
  return { ...window, before, after, places };
}

/** Where the elements of a window lie along an axis, [places][kernel], pads included. */
const reads = ({ places, kernel, strides, dilations, before }: Pool, i: number): number[][] =>
  Array.from({ length: places[i] as number }, (_, p) =>
    Array.from(
      { length: kernel[i] as number },
      (_, k) => p * (strides[i] as number) + k * (dilations[i] as number) - (before[i] as number),
    ),
  );

/** The mean over a window is one over each axis in turn. */
const averagePool: Lowering = (node) => {
  const x = node.value(0);
  const pool = poolOf(node, x);
  const countPads = node.int("count_include_pad", 0) !== 0;
  return pool.image.reduce((y, size, i) => {
    const rows = reads(pool, i).map((places) => {
      const end = countPads ? size + (pool.after[i] as number) : size;
      const counted = places.filter((at) => at < end && (countPads || at >= 0)).length;
      const row = new Float64Array(size);
      for (const at of places) if (at >= 0 && at < size) row[at] = 1 / counted;
      return row;
    });
    return alongAxis(y, i + 2, matrixConstant(x, rows));
  }, x);
};

/** The maximum over a window is one over each axis in turn; pads repeat what the window has. */
const maxPool: Lowering = (node) => {
  const x = node.value(0);
  const pool = poolOf(node, x);
  return pool.image.reduce((y, size, i) => {
    const [places, kernel] = [pool.places[i] as number, pool.kernel[i] as number];
    const rows = reads(pool, i).map((row) => {
      const inside = row.filter((at) => at >= 0 && at < size);
      if (inside.length === 0) node.refuse("a window lies in the pads altogether");
      return row.map((at) => (inside.includes(at) ? at : (inside[0] as number)));
    });
    const table = Array.from({ length: kernel }, (_, k) => rows.map((row) => row[k] as number));
    const windows = b.gather(y, indexConstant([kernel, places], table.flat()), i + 2);
    return b.reduceMax(windows, [i + 2]);
  }, x);
};

/** Over all spatial axes. */
const overSpace =
  (f: (x: Value, axes: readonly number[], keep: boolean) => Value): Lowering =>
  (node) => {
    const x = node.value(0);
    return f(
      x,
      x.shape.slice(2).map((_, i) => i + 2),
      true,
    );
  };

export const window: Readonly<Record<string, Lowering>> = {
  Conv: conv,
  ConvTranspose: convTranspose,
  AveragePool: averagePool,
  MaxPool: maxPool,
  GlobalAveragePool: overSpace(b.reduceMean),
  GlobalMaxPool: overSpace(b.reduceMax),
};
