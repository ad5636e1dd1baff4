/** Files of a fixed number of rows, with some outputs, and with weights in other files. */
import * as ort from "onnxruntime-node";
import { bind, externalFiles, InputError, random, readOnnx } from "pullback-core";
import { describe, expect, it } from "vitest";
import { interpret } from "../../../reference/interpreter.ts";
import { DataType, type File, floats, ints, onnxFile, raw } from "./build.ts";

const numbers = (count: number): number[] => {
  const draw = random(3, "batch");
  return Array.from({ length: count }, () => Math.fround(draw.normal()));
};

/** A small decoder of `rows` codes, which writes their number into its shapes. */
const fixed = (rows: number): File => ({
  opset: 13,
  inputs: { z: { shape: [rows, 2] } },
  constants: {
    w: floats([2, 8], numbers(16)),
    image: ints([rows, 2, 2, 2]),
    kernel: floats([2, 1, 2, 2], numbers(8)),
    flat: ints([rows, -1]),
    wide: ints([rows, 9]),
    one: floats([1, 1], [0.5]),
  },
  nodes: [
    { op: "MatMul", inputs: ["z", "w"], outputs: ["h"] },
    { op: "Reshape", inputs: ["h", "image"], outputs: ["i"] },
    { op: "ConvTranspose", inputs: ["i", "kernel"], outputs: ["c"] },
    { op: "Reshape", inputs: ["c", "flat"], outputs: ["f"] },
    { op: "Expand", inputs: ["one", "wide"], outputs: ["o"] },
    { op: "Mul", inputs: ["f", "o"], outputs: ["half"] },
    { op: "Det", inputs: ["c"], outputs: ["unsupported"] },
  ],
  outputs: ["f", "half", "unsupported"],
});

/** Without what is there to be unsupported. */
const runnable = (rows: number): File => {
  const file = fixed(rows);
  const nodes = file.nodes.filter(({ op }) => op !== "Det");
  return { ...file, nodes, outputs: ["f", "half"] };
};

describe.each([1, 4])("a file of %i rows", (rows) => {
  it("takes any number of them", async () => {
    const bytes = onnxFile(runnable(rows));
    const free = readOnnx(bytes, { freeBatch: true });
    expect(free.inputs.z?.shape).toEqual(["n", 2]);
    expect(free.outputs.f?.shape).toEqual(["n", 9]);
    const z = numbers(2 * rows);
    const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
    const original = (await session.run({ z: new ort.Tensor("float32", z, [rows, 2]) })).half;
    const expected = Array.from(original?.data as Float32Array);
    const [mine, more] = [rows, 3 * rows].map((n) =>
      interpret(bind(free, { n }), {
        z: { shape: [n, 2], data: Array.from({ length: n / rows }, () => z).flat() },
      }),
    );
    expect(mine?.half?.shape).toEqual([rows, 9]);
    expected.forEach((number, i) => {
      expect(mine?.half?.data[i]).toBeCloseTo(number, 5);
      expect(more?.half?.data.at(i - 9 * rows)).toBeCloseTo(number, 5);
    });
  });

  it("is read as it is where nothing is said", () => {
    expect(readOnnx(onnxFile(runnable(rows))).inputs.z?.shape).toEqual([rows, 2]);
  });
});

describe("outputs", () => {
  const bytes = onnxFile(fixed(4));

  it("that are not asked for may need what is not supported", () => {
    expect(Object.keys(readOnnx(bytes, { outputs: ["f"], freeBatch: true }).outputs)).toEqual([
      "f",
    ]);
    expect(() => readOnnx(bytes)).toThrow(/Det/);
  });

  it("must be there", () => {
    expect(() => readOnnx(bytes, { outputs: ["mean"] })).toThrow(
      /one of the outputs f, half, unsupported, got mean/,
    );
  });
});

describe("weights in another file", () => {
  const weights = Float32Array.from(numbers(12));
  const withExternal = (pairs: Readonly<Record<string, string>>): Uint8Array => {
    const w = raw(DataType.FLOAT, [6, 2], new Uint8Array(0));
    const externalData = Object.entries(pairs).map(([key, value]) => ({
      $typeName: "onnx.StringStringEntryProto" as const,
      key,
      value,
    }));
    return onnxFile({
      opset: 13,
      inputs: { x: { shape: ["n", 6] } },
      constants: { w: { ...w, dataLocation: 1, externalData } },
      nodes: [{ op: "MatMul", inputs: ["x", "w"] }],
    });
  };
  const whole = { location: "weights.bin", offset: "16", length: "48" };
  const file = new Uint8Array(64);
  file.set(new Uint8Array(weights.buffer), 16);

  it("are taken from there", () => {
    const bytes = withExternal(whole);
    expect(externalFiles(bytes)).toEqual(["weights.bin"]);
    const graph = readOnnx(bytes, { files: new Map([["weights.bin", file]]) });
    const x = { shape: [1, 6], data: [1, 0, 0, 0, 0, 0] };
    expect(interpret(bind(graph, { n: 1 }), { x }).y?.data).toEqual([...weights.slice(0, 2)]);
  });

  it.each([
    ["a file that is not given", whole, new Map(), /weights\.bin, which was not given/],
    [
      "bytes beyond the file",
      { ...whole, length: "49" },
      new Map([["weights.bin", file]]),
      /expected bytes 16 to 65 of weights\.bin, which has 64/,
    ],
    [
      "too few of them",
      { ...whole, length: "44" },
      new Map([["weights.bin", file]]),
      /expected 12 numbers .* got 11/,
    ],
    [
      "an offset that is none",
      { ...whole, offset: "-3" },
      new Map([["weights.bin", file]]),
      /expected bytes -3/,
    ],
  ])("refuse %s", (_, pairs, files, message) => {
    const read = () => readOnnx(withExternal(pairs), { files });
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });

  it("name no file where all is inside", () => {
    expect(externalFiles(onnxFile(fixed(1)))).toEqual([]);
  });
});
