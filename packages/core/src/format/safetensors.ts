/**
 * @file Named arrays of `.safetensors`: a length, a JSON header, the bytes.
 *
 * Source: github.com/huggingface/safetensors, "Format". float16 and bfloat16 are widened to float32.
 * Left out: float8 and complex numbers.
 */
import * as v from "valibot";
import { InputError } from "../array/errors.ts";
import { sizeOf } from "../array/tensor.ts";
import { bfloatToNumber, halfToNumber } from "./half.ts";
import type { NumericArray, NumericType } from "./numeric.ts";
import { decode, numericConstructors } from "./numeric.ts";

const types: Readonly<Record<string, NumericType>> = {
  BOOL: "bool",
  I8: "int8",
  U8: "uint8",
  I16: "int16",
  U16: "uint16",
  I32: "int32",
  U32: "uint32",
  I64: "int64",
  U64: "uint64",
  F32: "float32",
  F64: "float64",
};
const halves: Readonly<Record<string, (bits: number) => number>> = {
  F16: halfToNumber,
  BF16: bfloatToNumber,
};

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const Entry = v.object({
  dtype: v.string(),
  shape: v.array(index),
  data_offsets: v.tuple([index, index]),
});

/** The arrays in the bytes of a file, by name. Throws `InputError` saying what is wrong where. */
export function readSafetensors(bytes: Uint8Array): Map<string, NumericArray> {
  const { header, start } = readHeader(bytes);
  const arrays = new Map<string, NumericArray>();
  for (const [name, given] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const entry = v.safeParse(Entry, given);
    if (!entry.success)
      throw new InputError(`safetensors: ${name}: expected dtype, shape and data_offsets`);
    arrays.set(name, readEntry(name, entry.output, bytes.subarray(start)));
  }
  return arrays;
}

function readHeader(bytes: Uint8Array): { header: object; start: number } {
  if (bytes.length < 8)
    throw new InputError(`safetensors: expected at least 8 bytes, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(bytes.length - 8))
    throw new InputError(
      `safetensors: expected a header of ${length} bytes, got ${bytes.length - 8} bytes in all`,
    );
  const start = 8 + Number(length);
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
    if (typeof header === "object" && header !== null) return { header, start };
  } catch (error) {
    throw new InputError(`safetensors: expected JSON in the header: ${(error as Error).message}`);
  }
  throw new InputError("safetensors: expected an object of JSON in the header");
}

function readEntry(
  name: string,
  { dtype, shape, data_offsets: [from, to] }: v.InferOutput<typeof Entry>,
  data: Uint8Array,
): NumericArray {
  const half = halves[dtype];
  const type = half ? "uint16" : types[dtype];
  if (!type)
    throw new InputError(
      `safetensors: ${name}: expected ${[...Object.keys(types), ...Object.keys(halves)].join(", ")}, got ${dtype}`,
    );
  const expected = sizeOf(shape) * numericConstructors[type].BYTES_PER_ELEMENT;
  if (to > data.length || to - from !== expected)
    throw new InputError(
      `safetensors: ${name}: expected ${expected} bytes for shape [${shape}] within ${data.length}, got ${from} to ${to}`,
    );
  const numbers = decode(type, data.subarray(from, to), true);
  return half
    ? { type: "float32", shape, data: Float32Array.from(numbers as Uint16Array, half) }
    : { type, shape, data: numbers };
}
