/** What cannot be read is refused in words; damaged bytes never crash. */
import { create } from "@bufbuild/protobuf";
import { TensorProto_DataLocation, TensorProtoSchema } from "onnx-buf";
import { InputError, random, readOnnx } from "pullback-core";
import { describe, expect, it } from "vitest";
import type { File } from "./build.ts";
import { DataType, floats, ints, onnxFile, raw } from "./build.ts";
import { files } from "./files.ts";

const batch = { x: { shape: ["batch", 6] } } as const;
const weights = (name: string, proto: NonNullable<File["constants"]>[string]): File => ({
  opset: 13,
  inputs: batch,
  constants: { [name]: proto },
  nodes: [{ op: "Add", inputs: ["x", name] }],
});
const node = (op: string, rest: Partial<File["nodes"][number]> = {}, opset = 13): File => ({
  opset,
  inputs: batch,
  nodes: [{ op, ...rest }],
});

const refusals: readonly (readonly [string, File, RegExp])[] = [
  [
    "an unknown operator",
    node("Det"),
    /node n0 \(Det, opset 13\): this operator is not supported; supported are Abs, .* Where/,
  ],
  [
    "an operator of another domain",
    node("Gelu", { domain: "com.microsoft" }),
    /domain com\.microsoft/,
  ],
  ["an old opset", node("Relu", {}, 6), /expected opset 7 to 23, got 6/],
  ["a future opset", node("Relu", {}, 99), /expected opset 7 to 23, got 99/],
  [
    "an open size beyond the first axis",
    { ...node("Relu"), inputs: { x: { shape: ["batch", "width"] } } },
    /input x: expected a fixed size on axis 1, got the symbol width/,
  ],
  [
    "float16",
    { ...node("Relu"), inputs: { x: { type: DataType.FLOAT16, shape: ["n", 2] } } },
    /input x: expected float32.*got float16; export the model in float32/,
  ],
  [
    "bfloat16 weights",
    weights("w", raw(DataType.BFLOAT16, [1], new Uint8Array(2))),
    /constant w: .*got bfloat16/,
  ],
  [
    "weights in another file",
    weights(
      "w",
      create(TensorProtoSchema, {
        dataType: DataType.FLOAT,
        dims: [6n],
        dataLocation: TensorProto_DataLocation.EXTERNAL,
      }),
    ),
    /constant w: its numbers are in another file/,
  ],
  ["too few weights", weights("w", floats([6], [1, 2])), /constant w: expected 6 numbers .* got 2/],
  [
    "a broken element",
    weights("w", raw(DataType.FLOAT, [1], new Uint8Array(3))),
    /3 bytes are no whole number/,
  ],
  [
    "shapes that do not fit",
    weights("w", floats([5], [1, 2, 3, 4, 5])),
    /node n0 \(Add, opset 13\): Add\(float32\[n, 6\], float32\[5\]\)/,
  ],
  [
    "an input that nothing computes",
    node("Add", { inputs: ["x", "ghost"] }),
    /needs ghost, which nothing/,
  ],
  [
    "an output that nothing computes",
    { ...node("Relu"), outputs: ["z"] },
    /nothing computes the output z/,
  ],
  ["a missing input", node("Add", { inputs: ["x"] }), /expected 2 inputs, got 1/],
  [
    "a Reshape that would multiply the batch",
    { ...node("Reshape", { inputs: ["x", "s"] }), constants: { s: ints([-1, 3]) } },
    /cannot reshape \[n, 6\] to \[-1, 3\]/,
  ],
  [
    "a shape that an input decides",
    {
      ...node("Reshape", { inputs: ["x", "s"] }),
      inputs: { ...batch, s: { type: DataType.INT64, shape: [2] } },
    },
    /input 1 must be constant/,
  ],
  ["a mean over the batch", node("ReduceMean", { attributes: { axes: [0] } }), /symbolic axis/],
  [
    "an attribute of another kind",
    node("Concat", { attributes: { axis: "one" } }),
    /attribute axis: expected INT, got STRING/,
  ],
  ["a missing attribute", node("Concat"), /attribute axis is missing/],
  [
    "training",
    node(
      "BatchNormalization",
      { inputs: ["x", "x", "x", "x", "x"], attributes: { training_mode: 1 } },
      14,
    ),
    /exported for inference/,
  ],
];

describe("readOnnx refuses", () => {
  it.each(refusals)("%s", (_, file, message) => {
    const read = () => readOnnx(onnxFile(file));
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["text", new TextEncoder().encode("this is no model, it is a sentence")],
    ["zeros", new Uint8Array(64)],
  ])("%s", (_, bytes) => {
    expect(() => readOnnx(bytes)).toThrow(InputError);
  });
});

it("leaves out what only an unused result needs", () => {
  const graph = readOnnx(
    onnxFile({
      opset: 13,
      inputs: batch,
      nodes: [{ op: "NonMaxSuppression", outputs: ["unused"] }, { op: "Relu" }],
    }),
  );
  expect(Object.keys(graph.outputs)).toEqual(["y"]);
});

it("makes every name of the batch one symbol, and keeps a fixed batch as a number", () => {
  const file = (first: string | number | null): Uint8Array =>
    onnxFile({
      opset: 13,
      inputs: { z: { shape: ["batch", 2] }, label: { type: DataType.INT64, shape: [first] } },
      constants: { table: floats([3, 2], [1, 2, 3, 4, 5, 6]) },
      nodes: [
        { op: "Gather", inputs: ["table", "label"], outputs: ["e"] },
        { op: "Add", inputs: ["z", "e"] },
      ],
    });
  for (const first of ["other", null]) {
    const { inputs, outputs } = readOnnx(file(first));
    expect([inputs.z?.shape, inputs.label?.shape, outputs.y?.shape]).toEqual([
      ["n", 2],
      ["n"],
      ["n", 2],
    ]);
  }
  expect(
    readOnnx(onnxFile({ ...node("Relu"), inputs: { x: { shape: [16, 2] } } })).outputs.y?.shape,
  ).toEqual([16, 2]);
});

it("survives damage: truncated, flipped and overwritten bytes", () => {
  const draw = random(3, "damage");
  const originals = files.map(([, file]) => onnxFile(file));
  let refused = 0;
  for (let i = 0; i < 1500; i++) {
    const original = originals[draw.integer(originals.length)] as Uint8Array;
    const cut = i % 3 === 0 ? draw.integer(original.length) : original.length;
    const bytes = original.slice(0, cut);
    const hits = i % 3 === 0 ? 0 : 1 + draw.integer(8);
    for (let hit = 0; hit < hits && bytes.length > 0; hit++)
      bytes[draw.integer(bytes.length)] = draw.integer(256);
    try {
      readOnnx(bytes);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(500);
});
