/**
 * @file Conv and ConvTranspose over any number of spatial axes, with strides, pads, dilations and
 * groups.
 *
 * Both are linear in the image and in the weights, and transposes of one another, so every
 * derivative is one of the two again. Images are [N, C, ...space]; weights [O, C / group, ...kernel]
 * of Conv are [C of its result's image, ...] of the ConvTranspose that goes back, unchanged.
 * Pads are all beginnings, then all ends.
 */
import type { Attributes, Dimension, Operator, Shape, Value } from "../value.ts";
import { apply, shapeError } from "../value.ts";
import { add } from "./arithmetic.ts";
import { slice } from "./select.ts";
import { concat, reshape, transpose } from "./shape.ts";

export interface ConvolutionOptions {
  /** 1 along each axis by default. */
  readonly strides?: readonly number[];
  /** 0 at each side by default. */
  readonly pads?: readonly number[];
  /** 1 along each axis by default. */
  readonly dilations?: readonly number[];
  /** 1 by default. */
  readonly group?: number;
}

export interface ConvTransposeOptions extends ConvolutionOptions {
  /** Further elements at the end of each axis, fewer than the stride; 0 by default. */
  readonly outputPadding?: readonly number[];
}

/** The attributes of both operators, all given. */
export interface Window {
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
  readonly group: number;
}

/** The window in the attributes of a Conv or ConvTranspose. */
export const windowOf = (attributes: Attributes): Window => attributes as unknown as Window;

/** Sizes of the spatial axes; they are numbers. */
export function space(
  name: string,
  inputs: readonly Value[],
  { shape }: { shape: Shape },
): number[] {
  const sizes = shape.slice(2);
  if (sizes.length === 0 || sizes.includes("n"))
    throw shapeError(name, inputs, "expected [N, C, ...] with spatial axes of fixed size");
  return sizes as number[];
}

/** Checks what Conv and ConvTranspose have in common, and answers the spatial sizes of both. */
function check(name: string, inputs: readonly Value[], attributes: Attributes) {
  const [x, w] = inputs as [Value, Value];
  const { strides, pads, dilations, group } = windowOf(attributes);
  if (inputs.length !== 2 || x.type !== w.type || x.shape.length !== w.shape.length)
    throw shapeError(name, inputs, "expected an image and weights of one type and rank");
  const [image, kernel] = [space(name, inputs, x), space(name, inputs, w)];
  const rank = image.length;
  if (strides.length !== rank || dilations.length !== rank || pads.length !== 2 * rank)
    throw shapeError(name, inputs, `expected strides, dilations and pads for ${rank} axes`);
  if (![...strides, ...dilations, group].every((size) => Number.isInteger(size) && size > 0))
    throw shapeError(name, inputs, "expected strides, dilations and groups of at least 1");
  if (!pads.every((size) => Number.isInteger(size) && size >= 0))
    throw shapeError(name, inputs, `expected pads of at least 0, got [${pads}]`);
  return { image, kernel };
}

/** Size of axis `i` from the first element that a kernel reaches to its last. */
const reach = ({ dilations }: Window, kernel: readonly number[], i: number): number =>
  (dilations[i] as number) * ((kernel[i] as number) - 1) + 1;

const padding = ({ pads }: Window, i: number): number =>
  (pads[i] as number) + (pads[i + pads.length / 2] as number);

/** y[n, o, p] = sum over c and k of w[o, c, k] x[n, c, p stride + k dilation - pad]. */
export const Conv: Operator = {
  name: "Conv",
  infer(inputs, attributes) {
    const window = windowOf(attributes);
    const { image, kernel } = check("Conv", inputs, attributes);
    const [x, w] = inputs as [Value, Value];
    const channels = w.shape[1] as Dimension;
    const given = window.group === 1 ? channels : (channels as number) * window.group;
    if (x.shape[1] !== given || (w.shape[0] as number) % window.group !== 0)
      throw shapeError("Conv", inputs, `channels do not fit ${window.group} groups`);
    const sizes = image.map((size, i) => {
      const room = size + padding(window, i) - reach(window, kernel, i);
      if (room < 0) throw shapeError("Conv", inputs, "the kernel is larger than the image");
      return Math.floor(room / (window.strides[i] as number)) + 1;
    });
    return { type: x.type, shape: [x.shape[0], w.shape[0], ...sizes] as Shape };
  },
  jvp: bilinear((x, w, value) => apply(Conv, [x, w], value.attributes)),
  vjp(value, cotangent) {
    const [x, w] = value.inputs as [Value, Value];
    return [
      transposed(cotangent, w, value.attributes, x.shape),
      weightsFrom(x, cotangent, value.attributes, w.shape),
    ];
  },
};

/** y[n, o, q stride + k dilation - pad] sums w[c, o, k] x[n, c, q]. */
export const ConvTranspose: Operator = {
  name: "ConvTranspose",
  infer(inputs, attributes) {
    const window = windowOf(attributes);
    const outputPadding = attributes.outputPadding as readonly number[];
    const { image, kernel } = check("ConvTranspose", inputs, attributes);
    const [x, w] = inputs as [Value, Value];
    if (x.shape[1] !== w.shape[0] || (x.shape[1] as number) % window.group !== 0)
      throw shapeError("ConvTranspose", inputs, `channels do not fit ${window.group} groups`);
    const sizes = image.map((size, i) => {
      const [stride, more] = [window.strides[i] as number, outputPadding[i] as number];
      if (!(more >= 0 && more < Math.max(stride, window.dilations[i] as number)))
        throw shapeError(
          "ConvTranspose",
          inputs,
          `output padding ${more} reaches beyond the stride`,
        );
      const length = stride * (size - 1) + reach(window, kernel, i) - padding(window, i) + more;
      if (length < 1) throw shapeError("ConvTranspose", inputs, "the pads leave nothing");
      return length;
    });
    const channels = w.shape[1] as Dimension;
    const made = window.group === 1 ? channels : (channels as number) * window.group;
    return { type: x.type, shape: [x.shape[0], made, ...sizes] as Shape };
  },
  jvp: bilinear((x, w, value) => apply(ConvTranspose, [x, w], value.attributes)),
  vjp(value, cotangent) {
    const [x, w] = value.inputs as [Value, Value];
    const { outputPadding: _, ...window } = value.attributes;
    return [
      cropped(apply(Conv, [cotangent, w], window), x.shape),
      weightsFrom(cotangent, x, window, w.shape),
    ];
  },
};

/** The tangent of what is linear in each of two inputs. */
function bilinear(product: (x: Value, w: Value, value: Value) => Value): Operator["jvp"] {
  return (value, [image, weights]) => {
    const [x, w] = value.inputs as [Value, Value];
    const moved = image && product(image, w, value);
    const grown = weights && product(x, weights, value);
    return moved && grown ? add(moved, grown) : (moved ?? grown ?? null);
  };
}

/** The transpose of a Conv, applied to `y`: an image of the given shape. */
function transposed(y: Value, w: Value, attributes: Attributes, shape: Shape): Value {
  const window = windowOf(attributes);
  const [image, kernel] = [shape.slice(2) as number[], w.shape.slice(2) as number[]];
  // What the last stride did not reach.
  const outputPadding = image.map(
    (size, i) =>
      (size + padding(window, i) - reach(window, kernel, i)) % (window.strides[i] as number),
  );
  return apply(ConvTranspose, [y, w], { ...attributes, outputPadding });
}

/**
 * The cotangent of a Conv's weights: sum over n and p of y[n, o, p] x[n, c, p stride + k dilation -
 * pad] is a Conv over images that are exchanged with channels, strides with dilations.
 */
function weightsFrom(x: Value, y: Value, attributes: Attributes, shape: Shape): Value {
  const { strides, pads, dilations, group } = windowOf(attributes);
  const swap = (value: Value): Value =>
    transpose(value, [1, 0, ...value.shape.slice(2).map((_, i) => i + 2)]);
  const window = { strides: dilations, pads, dilations: strides, group: 1 };
  const parts = Array.from({ length: group }, (_, g) => {
    const [image, cotangent] = [part(x, g, group), part(y, g, group)];
    const whole = apply(Conv, [swap(image), swap(cotangent)], window);
    const [outputs, channels] = [(shape[0] as number) / group, shape[1] as Dimension];
    return swap(cropped(whole, [channels, outputs, ...shape.slice(2)]));
  });
  return concat(parts, 0);
}

/** Channels of one group. */
function part(x: Value, g: number, group: number): Value {
  if (group === 1) return x;
  const size = (x.shape[1] as number) / group;
  return slice(x, 1, g * size, (g + 1) * size);
}

/** The beginning of each spatial axis. */
function cropped(x: Value, shape: Shape): Value {
  return shape.slice(2).reduce<Value>((cut, size, i) => slice(cut, i + 2, 0, size as number), x);
}

function filled(w: Value, options: ConvolutionOptions): Attributes {
  const kernel = w.shape.slice(2);
  const { strides, pads, dilations, group = 1 } = options;
  const ones = kernel.map(() => 1);
  return {
    strides: strides ?? ones,
    pads: pads ?? [...kernel, ...kernel].map(() => 0),
    dilations: dilations ?? ones,
    group,
  };
}

/** Cross-correlation of x [N, C, ...] with w [O, C / group, ...]. */
export function conv(x: Value, w: Value, options: ConvolutionOptions = {}): Value {
  return apply(Conv, [x, w], filled(w, options));
}

/** The transpose of `conv`, from x [N, C, ...] by w [C, O / group, ...]. */
export function convTranspose(x: Value, w: Value, options: ConvTransposeOptions = {}): Value {
  const outputPadding = options.outputPadding ?? w.shape.slice(2).map(() => 0);
  return apply(ConvTranspose, [x, w], { ...filled(w, options), outputPadding });
}

/** A bias [C] with ones behind it, as it is added to [N, C, ...]. */
export const perChannel = (bias: Value, rank: number): Value =>
  reshape(bias, [...bias.shape, ...Array.from({ length: rank - 2 }, () => 1)]);
