import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { readNpy, writeNpy } from "pullback-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DataType, floats, ints, onnxFile, raw } from "../../core/graph/onnx/build.ts";
import { pullback } from "./run.ts";
import { pullbackInSession } from "./session.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pullback-import-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wave = (shape: readonly number[]) =>
  floats(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + 1)),
  );

/** A conditional generator of images: three rows fixed, latent codes [3, 4, 1, 1], a label. */
const generator = {
  opset: 11,
  inputs: { noise: { shape: [3, 4, 1, 1] }, label: { type: DataType.INT64, shape: [3] } },
  constants: {
    table: wave([5, 4]),
    shape: ints([3, 4, 1, 1]),
    first: wave([4, 3, 4, 4]),
    second: wave([3, 3, 4, 4]),
    w: raw(DataType.FLOAT, [4], new Uint8Array(0)),
  },
  nodes: [
    { op: "Gather", inputs: ["table", "label"], outputs: ["e"] },
    { op: "Reshape", inputs: ["e", "shape"], outputs: ["r"] },
    { op: "Mul", inputs: ["noise", "r"], outputs: ["m"] },
    { op: "ConvTranspose", inputs: ["m", "first"], outputs: ["a"] },
    { op: "LeakyRelu", inputs: ["a"], outputs: ["b"] },
    {
      op: "ConvTranspose",
      inputs: ["b", "second"],
      outputs: ["c"],
      attributes: { strides: [2, 2], pads: [1, 1, 1, 1] },
    },
    { op: "Sigmoid", inputs: ["c"], outputs: ["image"] },
    { op: "Det", inputs: ["a"], outputs: ["score"] },
  ],
  outputs: ["score", "image"],
};

function run(...args: string[]) {
  const outcome = pullback(folder, ["import", ...args]);
  return { ...outcome, json: () => JSON.parse(outcome.stdout) as Record<string, unknown> };
}

describe("pullback import", () => {
  test("a generator of fixed rows with a condition, external weights and another output", () => {
    const { w, ...constants } = generator.constants;
    const external = {
      ...w,
      dataLocation: 1,
      externalData: [
        { $typeName: "onnx.StringStringEntryProto" as const, key: "location", value: "g.bin" },
      ],
    };
    writeFileSync(join(folder, "g.bin"), Buffer.from(Float32Array.of(0, 0, 0, 0).buffer));
    const bytes = onnxFile({ ...generator, constants: { ...constants, w: external } });
    writeFileSync(join(folder, "g.onnx"), bytes);
    const given = ["g.onnx", "--out", "g", "--set", "label=3", "--output", "image", "--json"];
    const { status, stderr, json } = run(...given, "--samples", "20");
    expect(stderr).toContain("guessed bernoulli");
    expect(status).toBe(0);
    expect(json()).toMatchObject({
      latentDimension: 4,
      dataDimension: 192,
      observationShape: [3, 8, 8],
      likelihood: "bernoulli",
      latents: "prior",
    });
    expect(json().deviation as number).toBeLessThan(1e-5);
    const description = JSON.parse(readFileSync(join(folder, "g", "model.json"), "utf8"));
    expect(description).toMatchObject({
      latents: "prior",
      drawing: { kind: "image", channels: 3 },
    });
    expect(readNpy(readFileSync(join(folder, "g", "latents.npy"))).shape).toEqual([20, 4]);

    const map = pullback(folder, ["map", "g", "--out", "g.png", "--grid", "8"]);
    expect(map.status).toBe(0);
    expect(existsSync(join(folder, "g.png"))).toBe(true);
  });

  test("a dense decoder from .npz with layers.json, with codes and classes of its data", () => {
    const array = (shape: number[]) => ({
      type: "float32" as const,
      shape,
      data: Float32Array.from({ length: (shape[0] as number) * (shape[1] ?? 1) }, (_, i) =>
        Math.cos(i),
      ),
    });
    const arrays = { "a.npy": writeNpy(array([6, 2])), "b.npy": writeNpy(array([12, 6])) };
    writeFileSync(join(folder, "d.npz"), zipSync(arrays));
    const layers = [{ weight: "a", activation: "relu" }, { weight: "b" }];
    writeFileSync(join(folder, "layers.json"), JSON.stringify({ layers }));
    writeFileSync(join(folder, "z.csv"), "0,1\n1,0.5\n-1,2\n");
    writeFileSync(join(folder, "classes.csv"), "0\n1\n0\n");
    const given = ["--layers", "layers.json", "--latents", "z.csv", "--labels", "classes.csv"];
    const { status, stdout } = run("d.npz", "--out", "d", ...given, "--shape", "3,4");
    expect(status).toBe(0);
    expect(stdout).toContain(
      "2 latent dimensions to 12 numbers of shape [3,4], gaussian; 3 codes given",
    );
    const labels = readNpy(readFileSync(join(folder, "d", "labels.npy")));
    expect(Array.from(labels.data as BigInt64Array)).toEqual([0n, 1n, 0n]);
    expect(readNpy(readFileSync(join(folder, "d", "latents.npy"))).shape).toEqual([3, 2]);
    const wide = run("d.npz", "--out", "e", "--layers", "layers.json", "--shape", "5,5");
    expect([wide.status, wide.stderr]).toEqual([2, expect.stringContaining("product is 12")]);
  });

  test.each([
    [
      "an operator that is not supported",
      [],
      1,
      /node n7 \(Det, opset 11\): this operator is not supported; supported are Abs/,
    ],
    [
      "a condition that is not given",
      ["--output", "image"],
      1,
      /--set INPUT=VALUE fixes the others/,
    ],
    [
      "an output that is not there",
      ["--output", "mean"],
      1,
      /one of the outputs score, image, got mean/,
    ],
  ])("refuses %s", async (_, more, status, message) => {
    const { w: _unused, ...constants } = generator.constants;
    writeFileSync(join(folder, "bad.onnx"), onnxFile({ ...generator, constants }));
    const args = ["import", "bad.onnx", "--out", "bad", ...more];
    const outcome = await pullbackInSession(folder, args);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.status).toBe(status);
    expect(existsSync(join(folder, "bad"))).toBe(false);
  });
});
