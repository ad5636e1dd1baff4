/**
 * @file Conv and ConvTranspose as a Gather and a product, for precisions without a kernel of theirs.
 *
 * Which element of the image meets which of the kernel at which place of the result is a table of
 * integers; places outside the image point at a zero that is put behind its last element.
 */
import { sizeOf, tensorFrom } from "../array/tensor.ts";
import { windowOf } from "./operators/convolution.ts";
import { constant, gather, matmul, pad, reshape, transpose } from "./operators/index.ts";
import type { Shape, Value } from "./value.ts";

/** Which element a result reads along axis i with element k of the kernel, or -1 for none. */
type Reader = (axis: number, result: number, k: number) => number;

/** The same as a Conv of x and w, from other operators. */
export function convByProduct(value: Value, [x, w]: readonly Value[]): Value {
  const { strides, pads, dilations, group } = windowOf(value.attributes);
  const table = tableOf(x as Value, w as Value, value, (axis, p, k) => {
    const at = p * (strides[axis] as number) + k * (dilations[axis] as number);
    return at - (pads[axis] as number);
  });
  const [O, C, ...kernel] = (w as Value).shape as number[];
  const factors = reshape(w as Value, [
    group,
    (O as number) / group,
    (C as number) * sizeOf(kernel),
  ]);
  return product(value, x as Value, factors, table, group);
}

/** The same as a ConvTranspose of x and w, from other operators. */
export function convTransposeByProduct(value: Value, [x, w]: readonly Value[]): Value {
  const { strides, pads, dilations, group } = windowOf(value.attributes);
  const table = tableOf(x as Value, w as Value, value, (axis, p, k) => {
    const q = p + (pads[axis] as number) - k * (dilations[axis] as number);
    const place = q / (strides[axis] as number);
    return Number.isInteger(place) ? place : -1;
  });
  const [C, O, ...kernel] = (w as Value).shape as number[];
  const perGroup = (C as number) / group;
  const turned = transpose(
    reshape(w as Value, [group, perGroup, O as number, sizeOf(kernel)]),
    [0, 2, 1, 3],
  );
  const factors = reshape(turned, [group, O as number, perGroup * sizeOf(kernel)]);
  return product(value, x as Value, factors, table, group);
}

/** Indices into a flat image with a zero behind it, [kernel, result]. */
function tableOf(x: Value, w: Value, value: Value, read: Reader): Value {
  const [image, kernel, result] = [x, w, value].map(({ shape }) => shape.slice(2) as number[]) as [
    number[],
    number[],
    number[],
  ];
  const [inner, outer] = [sizeOf(kernel), sizeOf(result)];
  const indices = new Float64Array(inner * outer);
  for (let k = 0; k < inner; k++)
    for (let p = 0; p < outer; p++) {
      let [restK, restP, stride, at] = [k, p, 1, 0];
      for (let axis = image.length - 1; axis >= 0; axis--) {
        const [K, P, size] = [kernel[axis], result[axis], image[axis]] as [number, number, number];
        const place = read(axis, restP % P, restK % K);
        if (place < 0 || place >= size) at = Number.NaN;
        at += place * stride;
        stride *= size;
        restK = Math.floor(restK / K);
        restP = Math.floor(restP / P);
      }
      indices[k * outer + p] = Number.isNaN(at) ? sizeOf(image) : at;
    }
  return constant(tensorFrom("int64", [inner, outer], indices));
}

/** factors [group, O, C kernel] times what the table reads of x; of the shape of `value`. */
function product(value: Value, x: Value, factors: Value, table: Value, group: number): Value {
  const [N, C, ...image] = x.shape as [number, number, ...number[]];
  const flat = pad(reshape(x, [N, C, sizeOf(image)]), 2, 0, 1);
  const [kernel, places] = table.shape as [number, number];
  const read = reshape(gather(flat, table, 2), [N, group, (C / group) * kernel, places] as Shape);
  return reshape(matmul(factors, read), value.shape);
}
