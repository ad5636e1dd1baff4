/** @file Attributes, tensors and declared inputs as the messages of an `.onnx` file. */
import { create } from "@bufbuild/protobuf";
import type { TensorProto, ValueInfoProto } from "onnx-buf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";
import type { ScalarType, Tensor } from "../../array/tensor.ts";
import type { Value } from "../value.ts";

export const dataType: Record<ScalarType, TensorProto_DataType> = {
  float32: TensorProto_DataType.FLOAT,
  float64: TensorProto_DataType.DOUBLE,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
};

export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

export function attributeProto(name: string, attribute: OnnxAttribute) {
  const { INT, INTS, FLOAT, STRING } = AttributeProto_AttributeType;
  if (typeof attribute === "number")
    return create(AttributeProtoSchema, { name, type: INT, i: BigInt(attribute) });
  if (typeof attribute === "string")
    return create(AttributeProtoSchema, {
      name,
      type: STRING,
      s: new TextEncoder().encode(attribute),
    });
  if ("float" in attribute)
    return create(AttributeProtoSchema, { name, type: FLOAT, f: attribute.float });
  return create(AttributeProtoSchema, { name, type: INTS, ints: attribute.map(BigInt) });
}

export function tensorProto(name: string, { type, shape, data }: Tensor): TensorProto {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return create(TensorProtoSchema, {
    name,
    dataType: dataType[type],
    dims: shape.map(BigInt),
    rawData,
  });
}

export function valueInfo(name: string, value: Value): ValueInfoProto {
  const dim = value.shape.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        size === "n"
          ? { case: "dimParam", value: size }
          : { case: "dimValue", value: BigInt(size) },
    }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: dataType[value.type],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: "tensorType", value: tensor } }),
  });
}
