/**
 * @file Arrays as files hold them: more element types than tensors have, row-major here.
 *
 * Small types stay small: 60,000 images of bytes are 47 MB, not 376.
 */
import { InputError } from "../array/errors.ts";
import type { ScalarType, Tensor } from "../array/tensor.ts";
import { sizeOf, tensor, zeros } from "../array/tensor.ts";

export interface NumericArrayOf {
  bool: Uint8Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int32: Int32Array;
  uint32: Uint32Array;
  int64: BigInt64Array;
  uint64: BigUint64Array;
  float32: Float32Array;
  float64: Float64Array;
}

export type NumericType = keyof NumericArrayOf;

export interface NumericArray<T extends NumericType = NumericType> {
  readonly type: T;
  readonly shape: readonly number[];
  readonly data: NumericArrayOf[T];
}

export const numericConstructors: {
  readonly [T in NumericType]: {
    new (length: number): NumericArrayOf[T];
    new (buffer: ArrayBufferLike, offset: number, length: number): NumericArrayOf[T];
    readonly BYTES_PER_ELEMENT: number;
  };
} = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
};

/**
 * The array as a tensor of `type`; the data are shared where the types agree.
 * Throws where a number has no counterpart: a fraction, NaN or a number above 2^63 as int64.
 */
export function toTensor<T extends ScalarType>(array: NumericArray, type: T): Tensor<T> {
  const { data, shape } = array;
  if (array.type === type) return tensor(type, shape, data as Tensor<T>["data"]);
  const result = zeros(type, shape);
  const into = result.data;
  if (into instanceof BigInt64Array)
    for (let i = 0; i < data.length; i++) into[i] = whole(data[i] as number | bigint, i, shape);
  else if (type === "bool") for (let i = 0; i < data.length; i++) into[i] = Number(!!data[i]);
  else for (let i = 0; i < data.length; i++) into[i] = Number(data[i]);
  return result;
}

function whole(value: number | bigint, index: number, shape: readonly number[]): bigint {
  const exact = typeof value === "bigint" || Number.isInteger(value) ? BigInt(value) : undefined;
  if (exact === undefined || BigInt.asIntN(64, exact) !== exact)
    throw new InputError(
      `expected whole numbers that fit int64, got ${value} at [${position(index, shape)}]`,
    );
  return exact;
}

/** Indices of the element number `index` of a row-major array. */
export function position(index: number, shape: readonly number[]): number[] {
  const indices: number[] = [];
  let rest = index;
  for (const size of [...shape].reverse()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return indices;
}

/** Says where a file is too short, or too long, for the shape that it claims. */
export function checkLength(format: string, claims: Claims): void {
  const { shape, itemSize, offset, length } = claims;
  const expected = sizeOf(shape) * itemSize;
  if (length - offset !== expected)
    throw new InputError(
      `${format}: expected ${expected} bytes of data for shape [${shape}] from offset ${offset}, got ${length - offset}`,
    );
}

interface Claims {
  readonly shape: readonly number[];
  readonly itemSize: number;
  /** Where the data begin. */
  readonly offset: number;
  /** Of the whole file. */
  readonly length: number;
}

/**
 * Elements out of bytes in either byte order. The bytes are copied, so the result is aligned and
 * keeps no larger buffer alive.
 */
export function decode<T extends NumericType>(
  type: T,
  bytes: Uint8Array,
  littleEndian: boolean,
): NumericArrayOf[T] {
  const TypedArray = numericConstructors[type];
  const size = TypedArray.BYTES_PER_ELEMENT;
  // Not bytes.slice(): that of a Buffer of Node is a view.
  const copy = new Uint8Array(bytes);
  if (!littleEndian && size > 1) swap(copy, size);
  return new TypedArray(copy.buffer, 0, copy.length / size);
}

/** Reverses the bytes of every element, in place. Every platform of ours is little-endian. */
function swap(bytes: Uint8Array, size: number): void {
  for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
}
