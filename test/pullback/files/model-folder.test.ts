import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelDescription } from "pullback-core";
import {
  constant,
  graph,
  InputError,
  input,
  matmul,
  tensorFrom,
  toNumbers,
  writeNpy,
  writeOnnx,
} from "pullback-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readModel, writeModel } from "../../../packages/pullback/src/files/model-folder.ts";

const z = input("z", "float32", ["n", 2]);
const weights = constant(tensorFrom("float32", [2, 3], [1, 2, 3, 4, 5, 6]));
const decoder = graph([z], { mean: matmul(z, weights) });
const description: ModelDescription = {
  format: 1,
  name: "plane",
  latentDimension: 2,
  dataDimension: 3,
  observationShape: [3],
  drawing: { kind: "curve" },
  likelihood: "gaussian",
  value: { name: "angle", unit: "°", period: 360 },
};
const latents = tensorFrom("float32", [2, 2], [1, 2, 3, 4]);
const content = {
  description,
  decoder,
  encoder: decoder,
  latents,
  labels: tensorFrom("int64", [2], [0, 7]),
  values: tensorFrom("float32", [2], [0.5, 359.5]),
  training: "step,bound\n1,-2\n",
};

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pullback-model-"));
  await writeModel(folder, content);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

describe("a model folder", () => {
  test("holds what the contract says, and reads back the same", async () => {
    expect(readdirSync(folder).sort()).toEqual([
      "decoder.onnx",
      "encoder.onnx",
      "labels.npy",
      "latents.npy",
      "model.json",
      "training.csv",
      "values.npy",
    ]);
    const model = await readModel(folder);
    expect(model.description).toEqual(description);
    expect(model.decoder).toMatchObject({ latentDimension: 2, dataDimension: 3, kinked: false });
    expect(model.latents).toEqual(latents);
    expect(model.labels && toNumbers(model.labels)).toEqual([0, 7]);
    expect(model.values && toNumbers(model.values)).toEqual([0.5, 359.5]);
  });

  test("needs no more than model.json and decoder.onnx", async () => {
    for (const name of ["encoder.onnx", "labels.npy", "latents.npy", "training.csv", "values.npy"])
      rmSync(at(name));
    const model = await readModel(folder);
    expect(model.latents ?? model.labels ?? model.values).toBeUndefined();
  });

  test.each([
    [
      "no model.json",
      () => rmSync(at("model.json")),
      /with model.json in it, found none; pullback train writes one/,
    ],
    ["no decoder", () => rmSync(at("decoder.onnx")), /with decoder.onnx in it, found none/],
    ["no JSON", () => writeFileSync(at("model.json"), "{"), /model.json: expected JSON, got /],
    [
      "a wrong description",
      () =>
        writeFileSync(at("model.json"), JSON.stringify({ ...description, latentDimension: "2" })),
      /model.json: latentDimension: .*number/,
    ],
    [
      "a format of the future",
      () => writeFileSync(at("model.json"), JSON.stringify({ ...description, format: 2 })),
      /model.json: format: /,
    ],
    ["no ONNX", () => writeFileSync(at("decoder.onnx"), "not a graph"), /decoder.onnx: /],
    [
      "another dimension",
      () => writeFileSync(at("model.json"), JSON.stringify({ ...description, latentDimension: 5 })),
      /decoder.onnx: expected 5 latent dimensions to 3 .*, got 2 to 3/,
    ],
    [
      "latents of another width",
      () => writeFileSync(at("latents.npy"), writeNpy(tensorFrom("float32", [1, 3], [1, 2, 3]))),
      /latents.npy: expected rows of 2 numbers, got shape \[1,3\]/,
    ],
    [
      "NaN in the latents",
      () =>
        writeFileSync(
          at("latents.npy"),
          writeNpy(tensorFrom("float32", [2, 2], [1, 2, Number.NaN, 4])),
        ),
      /latents.npy: row 2, column 1: expected a finite number/,
    ],
    [
      "labels of other data",
      () => writeFileSync(at("labels.npy"), writeNpy(tensorFrom("int64", [3], [1, 2, 3]))),
      /labels.npy: expected 2 numbers, .*got shape \[3\]/,
    ],
    [
      "labels that are fractions",
      () => writeFileSync(at("labels.npy"), writeNpy(tensorFrom("float32", [2], [1, 0.5]))),
      /labels.npy: expected whole numbers/,
    ],
  ] as const)("%s is said in words", async (_, damage, message) => {
    damage();
    const error = await readModel(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain("\n");
  });
});

describe("a bare decoder", () => {
  test("is a model of which only the map is known", async () => {
    copyFileSync(at("decoder.onnx"), at("foreign.onnx"));
    const model = await readModel(at("foreign.onnx"));
    expect(model.description).toMatchObject({
      name: "foreign",
      latentDimension: 2,
      dataDimension: 3,
    });
    expect(model.latents).toBeUndefined();
  });

  test("may have another input, which settings fix", async () => {
    const c = input("c", "float32", ["n", 2]);
    const mean = matmul(input("code", "float32", ["n", 2]), weights);
    const two = graph([mean.inputs[0] as typeof c, c], { x: mean, y: matmul(c, weights) });
    writeFileSync(at("two.onnx"), writeOnnx(two));
    await expect(readModel(at("two.onnx"))).rejects.toThrow("--set INPUT=VALUE fixes the others");
    const model = await readModel(at("two.onnx"), { c: [1, 0] });
    expect(Object.keys(model.decoder.graph.inputs)).toEqual(["z"]);
  });

  test("nothing, and another file, are no model", async () => {
    await expect(readModel(at("none"))).rejects.toThrow(
      `cannot read ${at("none")}: expected a model folder or a decoder .onnx, found nothing`,
    );
    await expect(readModel(at("latents.npy"))).rejects.toThrow("got another file");
    mkdirSync(at("empty"));
    await expect(readModel(at("empty"))).rejects.toThrow("with model.json in it, found none");
  });
});
