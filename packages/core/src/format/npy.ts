/**
 * @file Arrays of NumPy, `.npy`: versions 1 to 3, both byte orders, C and Fortran order.
 *
 * Source: numpy/lib/format.py. float16 is widened to float32. Left out: complex numbers, text,
 * structured and object arrays.
 */
import { InputError } from "../array/errors.ts";
import { sizeOf } from "../array/tensor.ts";
import { halfToNumber } from "./half.ts";
import type { NumericArray, NumericType } from "./numeric.ts";
import { checkLength, decode, numericConstructors } from "./numeric.ts";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Letter and size of a type in the header, without byte order. */
const codes: { readonly [T in NumericType]: string } = {
  bool: "b1",
  int8: "i1",
  uint8: "u1",
  int16: "i2",
  uint16: "u2",
  int32: "i4",
  uint32: "u4",
  int64: "i8",
  uint64: "u8",
  float32: "f4",
  float64: "f8",
};
const types = new Map(Object.entries(codes).map(([type, code]) => [code, type as NumericType]));

/** The array in the bytes of an `.npy` file. Throws `InputError` saying what is wrong where. */
export function readNpy(bytes: Uint8Array): NumericArray {
  const header = readNpyHeader(bytes);
  const { itemSize, fortran, shape, offset } = header;
  checkLength("npy", { shape, itemSize, offset, length: bytes.length });
  const array = readNpyData(header, bytes.subarray(offset), shape);
  return fortran && shape.length > 1 ? rowMajor(array) : array;
}

/**
 * What an `.npy` file says of itself in its first bytes, for those who read parts of it: the array begins at
 * `offset`, each number takes `itemSize` bytes.
 */
export function readNpyHeader(bytes: Uint8Array): NpyHeader {
  const { code, ...header } = readHeader(bytes);
  const half = code === "f2";
  const stored = half ? "uint16" : types.get(code);
  if (!stored)
    throw new InputError(
      `npy: expected a type of ${[...types.keys(), "f2"].join(", ")}, got ${code} in the header`,
    );
  return { ...header, half, stored, itemSize: numericConstructors[stored].BYTES_PER_ELEMENT };
}

/** Numbers of an array that stand one after another in its file, as an array of that shape. */
export function readNpyData(
  { half, stored, littleEndian }: NpyHeader,
  bytes: Uint8Array,
  shape: readonly number[],
): NumericArray {
  const data = decode(stored, bytes, littleEndian);
  return half
    ? { type: "float32", shape, data: Float32Array.from(data as Uint16Array, halfToNumber) }
    : { type: stored, shape, data };
}

/** The bytes of an `.npy` file, version 1, little-endian, C order. */
export function writeNpy({ type, shape, data }: NumericArray): Uint8Array {
  const code = codes[type];
  const order = code.endsWith("1") ? "|" : "<";
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${order}${code}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // The data begin at a multiple of 64, as NumPy writes it.
  const start = Math.ceil((magic.length + 4 + text.length + 1) / 64) * 64;
  const header = `${text.padEnd(start - magic.length - 4 - 1)}\n`;
  const bytes = new Uint8Array(start + data.byteLength);
  bytes.set([...magic, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), magic.length + 4);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return bytes;
}

export interface NpyHeader {
  /** Type of the numbers as they are stored; float16 as its bits. */
  readonly stored: NumericType;
  readonly half: boolean;
  readonly itemSize: number;
  readonly littleEndian: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  readonly offset: number;
}

type RawHeader = Omit<NpyHeader, "stored" | "half" | "itemSize"> & { readonly code: string };

function readHeader(bytes: Uint8Array): RawHeader {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte))
    throw new InputError("npy: expected a file that begins with \\x93NUMPY, got something else");
  const version = bytes[6] as number;
  if (version < 1 || version > 3)
    throw new InputError(`npy: expected version 1, 2 or 3, got ${version} at offset 6`);
  const start = version === 1 ? 10 : 12;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < start)
    throw new InputError(`npy: expected a header of ${start} bytes, got ${bytes.length}`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const offset = start + length;
  if (offset > bytes.length)
    throw new InputError(
      `npy: expected a header of ${length} bytes from offset ${start}, got ${bytes.length - start}`,
    );
  const text = new TextDecoder().decode(bytes.subarray(start, offset));
  const [, endian, code] = /'descr'\s*:\s*'([<>|=])(\w+)'/.exec(text) ?? [];
  const [, fortran] = /'fortran_order'\s*:\s*(True|False)/.exec(text) ?? [];
  const [, sizes] = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text) ?? [];
  if (!endian || !code || !fortran || sizes === undefined)
    throw new InputError(
      `npy: expected a header with descr (one plain type), fortran_order and shape, got ${JSON.stringify(text.trim().slice(0, 120))}`,
    );
  const shape = (sizes.match(/\d+/g) ?? []).map(Number);
  return { code, littleEndian: endian !== ">", fortran: fortran === "True", shape, offset };
}

/** Fortran order into C order. */
function rowMajor({ type, shape, data }: NumericArray): NumericArray {
  const into = new numericConstructors[type](data.length);
  const strides: number[] = [];
  shape.reduce((stride, size, axis) => {
    strides[axis] = stride;
    return stride * size;
  }, 1);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < sizeOf(shape); to++) {
    into[to] = data[from] as number & bigint;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      from += stride;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      from -= stride * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return { type, shape, data: into };
}
