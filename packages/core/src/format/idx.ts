/**
 * @file Arrays of MNIST, idx: two zero bytes, a type, the number of dimensions, their sizes, the
 * elements, all big-endian.
 *
 * Source: the description on the page of MNIST (LeCun, Cortes and Burges). Compressed files are
 * decompressed before they come here.
 */
import { InputError } from "../array/errors.ts";
import type { NumericArray, NumericType } from "./numeric.ts";
import { checkLength, decode, numericConstructors } from "./numeric.ts";

const types: ReadonlyMap<number, NumericType> = new Map([
  [0x08, "uint8"],
  [0x09, "int8"],
  [0x0b, "int16"],
  [0x0c, "int32"],
  [0x0d, "float32"],
  [0x0e, "float64"],
]);

/** The array in the bytes of an idx file. Throws `InputError` saying what is wrong where. */
export function readIdx(bytes: Uint8Array): NumericArray {
  const [zero, alsoZero, code, rank] = bytes;
  if (zero !== 0 || alsoZero !== 0 || code === undefined || rank === undefined)
    throw new InputError(
      `idx: expected a file that begins with 0, 0, type, rank, got ${bytes.slice(0, 4).join(", ") || "nothing"}`,
    );
  const type = types.get(code);
  if (!type)
    throw new InputError(`idx: expected a type of 8, 9, 11, 12, 13, 14, got ${code} at offset 2`);
  const offset = 4 + 4 * rank;
  if (bytes.length < offset)
    throw new InputError(
      `idx: expected ${rank} sizes up to offset ${offset}, got ${bytes.length} bytes`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const itemSize = numericConstructors[type].BYTES_PER_ELEMENT;
  checkLength("idx", { shape, itemSize, offset, length: bytes.length });
  return { type, shape, data: decode(type, bytes.subarray(offset), false) };
}
