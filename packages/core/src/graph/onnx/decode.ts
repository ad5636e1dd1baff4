/** @file Bytes of an `.onnx` file into its messages, and its tensors into ours. */
import { fromBinary } from "@bufbuild/protobuf";
import type { ModelProto, TensorProto } from "onnx-buf";
import { ModelProtoSchema, TensorProto_DataLocation, TensorProto_DataType } from "onnx-buf";
import { InputError } from "../../array/errors.ts";
import type { ScalarType, Tensor } from "../../array/tensor.ts";
import { sizeOf, zeros } from "../../array/tensor.ts";

/** The message of the file. Throws `InputError` where the bytes are none. */
export function decodeModel(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `readOnnx: expected the bytes of an .onnx file, got ${bytes.length} bytes that are not: ${reason}`,
      { cause: error },
    );
  }
}

const types: Partial<Record<TensorProto_DataType, ScalarType>> = {
  [TensorProto_DataType.FLOAT]: "float32",
  [TensorProto_DataType.DOUBLE]: "float64",
  [TensorProto_DataType.INT64]: "int64",
  // There is one integer type here; what a 32-bit integer holds, it holds.
  [TensorProto_DataType.INT32]: "int64",
  [TensorProto_DataType.BOOL]: "bool",
};

/** Our type for one of ONNX. Throws `InputError`, naming the place, where there is none. */
export function scalarType(type: TensorProto_DataType, place: string): ScalarType {
  const known = types[type];
  if (known) return known;
  const name = (TensorProto_DataType[type] ?? `type ${type}`).toLowerCase();
  const advice = name.includes("float") ? "; export the model in float32" : "";
  throw new InputError(
    `${place}: expected float32, float64, int64, int32 or bool, got ${name}${advice}`,
  );
}

/** A size of a file as a number. */
export function sizeFrom(size: bigint, place: string): number {
  if (size < 0n || size > BigInt(Number.MAX_SAFE_INTEGER))
    throw new InputError(`${place}: expected a size, got ${size}`);
  return Number(size);
}

/** Bytes of the files beside an `.onnx` file, by the location that it names. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>;

/** Names of the files that hold the numbers of external tensors, relative to the `.onnx` file. */
export function externalFiles(bytes: Uint8Array): string[] {
  const tensors = decodeModel(bytes).graph?.initializer ?? [];
  const locations = tensors.filter(isExternal).map((tensor) => external(tensor).location ?? "");
  return [...new Set(locations)];
}

const isExternal = ({ dataLocation }: TensorProto): boolean =>
  dataLocation === TensorProto_DataLocation.EXTERNAL;

const external = ({ externalData }: TensorProto): Partial<Record<string, string>> =>
  Object.fromEntries(externalData.map(({ key, value }) => [key, value]));

/** The stored bytes of a tensor, in the file or beside it. */
function rawBytes(proto: TensorProto, place: string, files: ExternalFiles): Uint8Array {
  if (!isExternal(proto)) return proto.rawData;
  const { location = "", offset = "0", length } = external(proto);
  const file = files.get(location);
  if (!file)
    throw new InputError(
      `${place}: its numbers are in another file, ${location}, which was not given; keep it beside the model, or save the model as one file`,
    );
  const start = Number(offset);
  const end = length === undefined ? file.length : start + Number(length);
  if (!(start >= 0 && end >= start && end <= file.length))
    throw new InputError(
      `${place}: expected bytes ${start} to ${end} of ${location}, which has ${file.length}`,
    );
  return file.subarray(start, end);
}

export function decodeTensor(
  proto: TensorProto,
  place: string,
  files: ExternalFiles = new Map(),
): Tensor {
  const type = scalarType(proto.dataType, place);
  const bytes = rawBytes(proto, place, files);
  const shape = proto.dims.map((size) => sizeFrom(size, place));
  const size = sizeOf(shape);
  const narrow = proto.dataType === TensorProto_DataType.INT32;
  const stored: ArrayLike<number | bigint> =
    bytes.length > 0 ? fromRaw(bytes, type, narrow, place) : typed(proto, type);
  if (stored.length !== size)
    throw new InputError(
      `${place}: expected ${size} numbers for shape [${shape.join(", ")}], got ${stored.length}`,
    );
  const result = zeros(type, shape);
  if (result.data instanceof BigInt64Array)
    for (let i = 0; i < size; i++) result.data[i] = BigInt(stored[i] as bigint);
  else result.data.set(stored as ArrayLike<number>);
  return result;
}

function fromRaw(
  raw: Uint8Array,
  type: ScalarType,
  narrow: boolean,
  place: string,
): ArrayLike<number | bigint> {
  const width = type === "bool" ? 1 : type === "float32" || narrow ? 4 : 8;
  if (raw.length % width !== 0)
    throw new InputError(`${place}: ${raw.length} bytes are no whole number of elements`);
  // A copy, aligned and alone in its buffer; `slice` would be a view where raw is a Buffer.
  const { buffer } = new Uint8Array(raw);
  if (type === "bool") return new Uint8Array(buffer).map((byte) => Number(byte !== 0));
  if (type === "float32") return new Float32Array(buffer);
  if (type === "float64") return new Float64Array(buffer);
  return narrow ? new Int32Array(buffer) : new BigInt64Array(buffer);
}

function typed(proto: TensorProto, type: ScalarType): ArrayLike<number | bigint> {
  if (type === "float32") return proto.floatData;
  if (type === "float64") return proto.doubleData;
  if (type === "bool") return proto.int32Data.map((number) => Number(number !== 0));
  return proto.dataType === TensorProto_DataType.INT32 ? proto.int32Data : proto.int64Data;
}
