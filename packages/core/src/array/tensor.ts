/**
 * @file Flat typed arrays with a shape: the data model at every boundary.
 *
 * Row-major, no strides, no views. `bool` is one byte an element, as in ONNX Runtime.
 */
import { InputError } from "./errors.ts";

/** Typed array behind each scalar type. */
export interface ArrayOf {
  float32: Float32Array;
  float64: Float64Array;
  int64: BigInt64Array;
  bool: Uint8Array;
}

export type ScalarType = keyof ArrayOf;

/** The types that can be differentiated. */
export type FloatType = "float32" | "float64";

export interface Tensor<T extends ScalarType = ScalarType> {
  readonly type: T;
  readonly shape: readonly number[];
  readonly data: ArrayOf[T];
}

/** Float data of either precision. */
export type FloatArray = Float32Array | Float64Array;

const constructors: { [T in ScalarType]: new (length: number) => ArrayOf[T] } = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  bool: Uint8Array,
};

/** Number of elements of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

/** A tensor over existing data. Throws when data and shape disagree. */
export function tensor<T extends ScalarType>(
  type: T,
  shape: readonly number[],
  data: ArrayOf[T],
): Tensor<T> {
  if (data.length !== sizeOf(shape))
    throw new InputError(
      `tensor: expected ${sizeOf(shape)} elements for shape [${shape}], got ${data.length}`,
    );
  return { type, shape, data };
}

/** A tensor of zeros. */
export function zeros<T extends ScalarType>(type: T, shape: readonly number[]): Tensor<T> {
  return { type, shape, data: new constructors[type](sizeOf(shape)) };
}

/** Numbers in any array-like, as a tensor of the type that is asked for. */
export function tensorFrom<T extends ScalarType>(
  type: T,
  shape: readonly number[],
  numbers: ArrayLike<number>,
): Tensor<T> {
  const result = zeros(type, shape);
  if (numbers.length !== result.data.length)
    throw new InputError(
      `tensor: expected ${result.data.length} elements for shape [${shape}], got ${numbers.length}`,
    );
  if (result.data instanceof BigInt64Array)
    for (let i = 0; i < numbers.length; i++) result.data[i] = BigInt(numbers[i] as number);
  else (result.data as Float64Array).set(numbers);
  return result;
}

/** The elements of a tensor as plain numbers. */
export function toNumbers(values: Tensor): number[] {
  return Array.from(values.data as ArrayLike<number | bigint>, Number);
}

/** Index of the first element that is NaN or infinite, or -1. */
export function firstNonFinite(data: ArrayLike<number>): number {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}
