/** @file `.onnx` files of any opset by hand: what other tools write. */
import { create, toBinary } from "@bufbuild/protobuf";
import type { TensorProto } from "onnx-buf";
import {
  AttributeProtoSchema,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  AttributeProto_AttributeType as Kind,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";

/** Size of an axis: a number, a symbol, or null for none. */
export type Size = number | string | null;

export interface Node {
  readonly op: string;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
}

export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: TensorProto };

export interface File {
  readonly opset: number;
  readonly inputs?: Readonly<
    Record<string, { readonly type?: DataType; readonly shape: readonly Size[] }>
  >;
  readonly constants?: Readonly<Record<string, TensorProto>>;
  readonly nodes: readonly Node[];
  readonly outputs?: readonly string[];
  /** Element types of outputs that are not float32. */
  readonly types?: Readonly<Record<string, DataType>>;
}

/** The bytes of the file. A node without outputs gives `y`, without inputs takes `x`. */
export function onnxFile({
  opset,
  inputs,
  constants = {},
  nodes,
  outputs = ["y"],
  types = {},
}: File): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 7n,
      producerName: "by hand",
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: "", version: BigInt(opset) })],
      graph: create(GraphProtoSchema, {
        name: "g",
        initializer: Object.entries(constants).map(([name, proto]) => ({ ...proto, name })),
        input: Object.entries(inputs ?? {}).map(([name, { type = DataType.FLOAT, shape }]) =>
          info(name, type, shape),
        ),
        output: outputs.map((name) => info(name, types[name] ?? DataType.FLOAT, undefined)),
        node: nodes.map(
          ({ op, inputs: from = ["x"], outputs: to = ["y"], attributes = {}, domain = "" }, i) =>
            create(NodeProtoSchema, {
              opType: op,
              name: `n${i}`,
              domain,
              input: [...from],
              output: [...to],
              attribute: Object.entries(attributes).map(([name, a]) => attribute(name, a)),
            }),
        ),
      }),
    }),
  );
}

function attribute(name: string, a: Attribute) {
  if (typeof a === "number")
    return create(AttributeProtoSchema, { name, type: Kind.INT, i: BigInt(a) });
  if (typeof a === "string")
    return create(AttributeProtoSchema, {
      name,
      type: Kind.STRING,
      s: new TextEncoder().encode(a),
    });
  if ("float" in a) return create(AttributeProtoSchema, { name, type: Kind.FLOAT, f: a.float });
  if ("floats" in a)
    return create(AttributeProtoSchema, { name, type: Kind.FLOATS, floats: [...a.floats] });
  if ("tensor" in a) return create(AttributeProtoSchema, { name, type: Kind.TENSOR, t: a.tensor });
  return create(AttributeProtoSchema, { name, type: Kind.INTS, ints: a.map(BigInt) });
}

function info(name: string, elemType: DataType, shape: readonly Size[] | undefined) {
  const dim = shape?.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        size === null
          ? { case: undefined }
          : typeof size === "string"
            ? { case: "dimParam", value: size }
            : { case: "dimValue", value: BigInt(size) },
    }),
  );
  const value = create(TypeProto_TensorSchema, {
    elemType,
    ...(dim && { shape: create(TensorShapeProtoSchema, { dim }) }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: "tensorType", value } }),
  });
}

const dims = (shape: readonly number[]): bigint[] => shape.map(BigInt);

/** float32 in the typed field. */
export const floats = (shape: readonly number[], numbers: readonly number[]): TensorProto =>
  create(TensorProtoSchema, {
    dataType: DataType.FLOAT,
    dims: dims(shape),
    floatData: [...numbers],
  });

/** float64 in the typed field. */
export const doubles = (shape: readonly number[], numbers: readonly number[]): TensorProto =>
  create(TensorProtoSchema, {
    dataType: DataType.DOUBLE,
    dims: dims(shape),
    doubleData: [...numbers],
  });

/** A list of int64 in the typed field. */
export const ints = (numbers: readonly number[], shape = [numbers.length]): TensorProto =>
  create(TensorProtoSchema, {
    dataType: DataType.INT64,
    dims: dims(shape),
    int64Data: numbers.map(BigInt),
  });

/** int32 in the typed field. */
export const narrow = (numbers: readonly number[]): TensorProto =>
  create(TensorProtoSchema, {
    dataType: DataType.INT32,
    dims: dims([numbers.length]),
    int32Data: [...numbers],
  });

export const bools = (numbers: readonly number[]): TensorProto =>
  create(TensorProtoSchema, {
    dataType: DataType.BOOL,
    dims: dims([numbers.length]),
    int32Data: [...numbers],
  });

/** Any elements as raw bytes. */
export const raw = (
  dataType: DataType,
  shape: readonly number[],
  data: ArrayBufferView,
): TensorProto =>
  create(TensorProtoSchema, {
    dataType,
    dims: dims(shape),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });

export { DataType };
