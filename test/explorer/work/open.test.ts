import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { graph, input, reshape, sin, tensor, writeNpy, writeOnnx } from "pullback-core";
import { describe, expect, test } from "vitest";
import type { NamedFile } from "../../../packages/explorer/src/work/files.ts";
import { openModel } from "../../../packages/explorer/src/work/open.ts";

const torus: NamedFile = {
  name: "torus.onnx",
  bytes: new Uint8Array(
    readFileSync(fileURLToPath(new URL("../../fixtures/torus.onnx", import.meta.url))),
  ),
};
const text = (name: string, content: string): NamedFile => ({
  name,
  bytes: new TextEncoder().encode(content),
});
const codes = (name: string, shape: readonly number[]): NamedFile => ({
  name,
  bytes: writeNpy(
    tensor("float32", shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5)),
  ),
});

describe("openModel", () => {
  test("takes a decoder alone", async () => {
    const { description, decoder, latents } = await openModel([torus]);
    expect(description.name).toBe("torus");
    expect(decoder.latentDimension).toBe(2);
    expect(latents).toHaveLength(0);
  });

  test("takes a decoder of a fixed number of rows, and draws what its shape says", async () => {
    const z = input("z", "float32", [8, 48]);
    const bytes = writeOnnx(graph([z], { image: reshape(sin(z), [8, 3, 4, 4]) }));
    const { description, decoder } = await openModel([{ name: "rows.onnx", bytes }]);
    expect(decoder.latentDimension).toBe(48);
    expect(description.observationShape).toEqual([3, 4, 4]);
    expect(description.drawing).toEqual({ kind: "image", channels: 3 });
  });

  test("takes codes as .npy, whatever their file is called", async () => {
    const { latents } = await openModel([codes("my codes.npy", [7, 2]), torus]);
    expect(latents).toHaveLength(14);
  });

  test("columns beside the codes of a .csv describe the points", async () => {
    const table = text("codes.csv", "z1,z2,age,kind\n0.1,0.2,31,fox\n0.3,0.4,52,owl\n");
    const { latents, columns } = await openModel([torus, table]);
    expect(latents).toEqual(Float32Array.of(0.1, 0.2, 0.3, 0.4));
    expect(columns.map(({ name }) => name)).toEqual(["age", "kind"]);
    expect(columns[0]).toEqual({ kind: "numbers", name: "age", values: Float64Array.of(31, 52) });
  });

  test("a table called metadata describes codes of another file", async () => {
    const table = text("metadata.csv", "age\n31\n52\n");
    const { columns } = await openModel([torus, codes("latents.npy", [2, 2]), table]);
    expect(columns.map(({ name }) => name)).toEqual(["age"]);
  });

  test.each([
    ["nothing", [], "expected a decoder as an .onnx file, got nothing"],
    ["no decoder", [codes("a.npy", [3, 2])], "expected a decoder as an .onnx file, got a.npy"],
    [
      "codes of another width",
      [torus, codes("a.npy", [3, 5])],
      "a.npy: expected codes of 2 numbers",
    ],
    ["a table that is too narrow", [torus, text("a.csv", "1\n2\n")], "a.csv: expected 2 columns"],
    [
      "a .parquet that is none",
      [torus, text("a.parquet", "1,2\n3,4\n5,6\n")],
      "a.parquet: expected",
    ],
    [
      "metadata of another count",
      [torus, codes("latents.npy", [3, 2]), text("metadata.csv", "age\n31\n52\n")],
      "metadata.csv: expected 3 rows",
    ],
    ["codes that are none", [torus, text("a.csv", "1,2\nnan,3\n")], "row 2, column 1"],
    ["a file that is no .onnx", [text("bad.onnx", "hello there, not a model")], "bad.onnx: "],
    ["a description of another model", [torus, text("model.json", "{}")], "model.json: "],
    [
      "labels of another count",
      [torus, codes("latents.npy", [3, 2]), codes("labels.npy", [4])],
      "labels.npy: expected 3 numbers",
    ],
  ])("says in plain words what is wrong with %s", async (_, files, words) => {
    await expect(openModel(files)).rejects.toThrow(words);
  });
});
