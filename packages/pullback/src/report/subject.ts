/** @file Opens what a page or a map is about: a model folder, or a decoder alone. */
import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Decoder, ModelDescription, NumericArray, Settings } from "pullback-core";
import {
  adaptDecoder,
  InputError,
  readCsv,
  readOnnx,
  ModelDescription as schema,
} from "pullback-core";
import * as v from "valibot";
import { readArray, readBytes, readMatrix } from "../files/read.ts";
import { naming } from "../files/reason.ts";
import type { Subject } from "./findings.ts";

/**
 * `settings` fix inputs of the decoder beside the latent code. Throws `InputError` that names the file, and where
 * arrays disagree with `model.json`.
 */
export async function openSubject(path: string, settings: Settings = {}): Promise<Subject> {
  if (!existsSync(path))
    throw new InputError(`${path}: expected a model folder or a decoder .onnx, found nothing`);
  if (!statSync(path).isDirectory()) return bare(path, settings);
  const description = await readDescription(path);
  const model = await readDecoder(join(path, "decoder.onnx"), settings);
  const d = description.latentDimension;
  if (model.latentDimension !== d || model.dataDimension !== description.dataDimension)
    throw new InputError(
      `${path}: model.json says ${d} latent dimensions to ${description.dataDimension}, decoder.onnx has ${model.latentDimension} to ${model.dataDimension}`,
    );
  const latents = await optional(join(path, "latents.npy"), (file) =>
    readMatrix(file, "float32", d),
  );
  const n = latents ? latents.data.length / d : 0;
  return {
    description,
    decoder: model,
    latents: latents?.data ?? new Float32Array(0),
    labels: await column(path, "labels.npy", n),
    values: await column(path, "values.npy", n),
    training: await optional(join(path, "training.csv"), readTraining),
  };
}

async function readDescription(path: string): Promise<ModelDescription> {
  const file = join(path, "model.json");
  const text = new TextDecoder().decode(await readBytes(file));
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: expected JSON, got ${(error as Error).message}`);
  }
  const result = v.safeParse(schema, parsed);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new InputError(`${file}: ${v.getDotPath(issue) ?? "content"}: ${issue.message}`);
}

async function readDecoder(file: string, settings: Settings): Promise<Decoder> {
  const bytes = await readBytes(file);
  return naming(file, () => adaptDecoder(readOnnx(new Uint8Array(bytes)), settings));
}

/** A decoder made elsewhere: nothing is known of its data but their number. */
async function bare(file: string, settings: Settings): Promise<Subject> {
  const model = await readDecoder(file, settings);
  return {
    description: {
      format: 1,
      name: basename(file).replace(/\.onnx$/i, ""),
      latentDimension: model.latentDimension,
      dataDimension: model.dataDimension,
      observationShape: [model.dataDimension],
      drawing: { kind: "curve" },
    },
    decoder: model,
    latents: new Float32Array(0),
  };
}

async function column(path: string, name: string, n: number): Promise<number[] | undefined> {
  const array = await optional(join(path, name), readArray);
  if (array && array.data.length !== n)
    throw new InputError(
      `${join(path, name)}: expected ${n} numbers, one a code, got ${array.data.length}`,
    );
  return array && numbersOf(array);
}

const numbersOf = ({ data }: NumericArray): number[] =>
  Array.from(data as ArrayLike<number | bigint>, Number);

async function readTraining(file: string): Promise<Subject["training"]> {
  // Not every column is finite: there is no sigma in a Bernoulli model.
  const text = new TextDecoder().decode(await readBytes(file));
  const { header = [], values } = await naming(file, () => readCsv(text));
  const [rows = 0, width = 0] = values.shape;
  const [step, bound] = [header.indexOf("step"), header.indexOf("bound")];
  if (step < 0 || bound < 0 || rows < 2) return undefined;
  const of = (at: number): number[] =>
    Array.from({ length: rows }, (_, row) => Number(values.data[row * width + at]));
  return { steps: of(step), bounds: of(bound) };
}

async function optional<T>(
  file: string,
  read: (file: string) => Promise<T>,
): Promise<T | undefined> {
  return existsSync(file) ? read(file) : undefined;
}
