/** @file Graphs of ONNX operators: building, differentiating, reading and writing them. */
export * from "./differentiate.ts";
export * from "./float64.ts";
export * from "./graph.ts";
export type { ExternalFiles } from "./onnx/decode.ts";
export { externalFiles } from "./onnx/decode.ts";
export * from "./onnx/read.ts";
export { supportDocument } from "./onnx/support.ts";
export * from "./onnx/write.ts";
export * from "./operators/index.ts";
export type { Dimension, Operator, Shape, Signature, Tangent, Value } from "./value.ts";
export { describe, describeShape } from "./value.ts";
