/**
 * @file The model folder: `model.json`, `decoder.onnx`, and what else is known of a model.
 *
 * A bare decoder `.onnx` is a model too, one of which nothing but the map is known.
 */
import { stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Decoder, Encoder, Graph, NumericArray, Settings, Tensor } from "pullback-core";
import {
  adaptDecoder,
  drawingOf,
  encoder,
  InputError,
  ModelDescription,
  readOnnx,
  writeNpy,
  writeOnnx,
} from "pullback-core";
import * as v from "valibot";
import { readForeign } from "./foreign.ts";
import { readBytes, readMatrix, readTensor } from "./read.ts";
import { codeOf, naming, pathError } from "./reason.ts";

export interface Model {
  /** As it was given. */
  readonly path: string;
  readonly description: ModelDescription;
  readonly decoder: Decoder;
  /** Latent codes of the data, [n, d]. */
  readonly latents?: Tensor<"float32">;
  /** Class of each code, [n]. */
  readonly labels?: Tensor<"int64">;
  /** One number a code, [n]; `description.value` says what it is. */
  readonly values?: Tensor<"float64">;
}

/** What is written into a folder; `description` must agree with the graphs. */
export interface ModelContent {
  readonly description: ModelDescription;
  readonly decoder: Graph;
  readonly encoder?: Graph;
  readonly latents?: NumericArray;
  readonly labels?: NumericArray;
  readonly values?: NumericArray;
  /** `training.csv` as text. */
  readonly training?: string;
}

/**
 * Opens a model folder or a decoder `.onnx`. `settings` fix inputs of the decoder beside the latent
 * code. Throws `InputError` that names the file: what lacks and how to get it, what is no such
 * file, and where arrays disagree with `model.json`.
 */
export async function readModel(path: string, settings: Settings = {}): Promise<Model> {
  if (!(await isFolder(path))) return bareDecoder(path, settings);
  const description = await readDescription(path);
  const file = join(path, "decoder.onnx");
  const decoder = await readDecoder(await part(path, "decoder.onnx"), file, settings);
  const { latentDimension: d, dataDimension } = description;
  if (decoder.latentDimension !== d || decoder.dataDimension !== dataDimension)
    throw new InputError(
      `${file}: expected ${d} latent dimensions to ${dataDimension} as model.json says, got ${decoder.latentDimension} to ${decoder.dataDimension}`,
    );
  const latents = await optional(join(path, "latents.npy"), (file) =>
    readMatrix(file, "float32", d),
  );
  const n = latents?.shape[0];
  const labels = await optional(join(path, "labels.npy"), (file) => column(file, "int64", n));
  const values = await optional(join(path, "values.npy"), (file) => column(file, "float64", n));
  return { path, description, decoder, latents, labels, values };
}

/**
 * The encoder of an opened model. Throws `InputError` for a decoder alone, where `encoder.onnx` lacks,
 * and where it does not fit `model.json`.
 */
export async function readEncoder({ path, description }: Model): Promise<Encoder> {
  if (!(await isFolder(path)))
    throw new InputError(
      `${path}: expected a model folder with encoder.onnx in it, got a decoder alone, which cannot encode`,
    );
  const file = join(path, "encoder.onnx");
  const bytes = await part(path, "encoder.onnx");
  const found = await naming(file, () => encoder(readOnnx(bytes)));
  const { latentDimension: d, dataDimension: D } = description;
  if (found.latentDimension !== d || found.dataDimension !== D)
    throw new InputError(
      `${file}: expected ${D} numbers to ${d} latent dimensions as model.json says, got ${found.dataDimension} to ${found.latentDimension}`,
    );
  return found;
}

/** Fills a folder, which should be a temporary one: `claimFolder(…).write((to) => writeModel(to, …))`. */
export async function writeModel(folder: string, content: ModelContent): Promise<void> {
  const write = (name: string, file: Uint8Array | string) => writeFile(join(folder, name), file);
  await write("model.json", `${JSON.stringify(content.description, null, 2)}\n`);
  await write("decoder.onnx", writeOnnx(content.decoder));
  if (content.encoder) await write("encoder.onnx", writeOnnx(content.encoder));
  if (content.latents) await write("latents.npy", writeNpy(content.latents));
  if (content.labels) await write("labels.npy", writeNpy(content.labels));
  if (content.values) await write("values.npy", writeNpy(content.values));
  if (content.training !== undefined) await write("training.csv", content.training);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw pathError("read", path, error);
    throw new InputError(
      `cannot read ${path}: expected a model folder or a decoder .onnx, found nothing`,
    );
  }
}

/** Bytes of what every folder must have. */
async function part(folder: string, name: string): Promise<Uint8Array> {
  const bytes = await optional(join(folder, name), readBytes);
  if (bytes) return bytes;
  throw new InputError(
    `${folder}: expected a model folder with ${name} in it, found none; pullback train writes one, and a decoder .onnx can be given itself`,
  );
}

async function readDescription(folder: string): Promise<ModelDescription> {
  const text = new TextDecoder().decode(await part(folder, "model.json"));
  const file = join(folder, "model.json");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: expected JSON, got ${(error as Error).message}`);
  }
  const result = v.safeParse(ModelDescription, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new InputError(`${file}: ${v.getDotPath(issue) ?? "content"}: ${issue.message}`);
}

const readDecoder = (bytes: Uint8Array, file: string, settings: Settings): Promise<Decoder> =>
  naming(file, () => adaptDecoder(readOnnx(bytes), settings));

async function bareDecoder(path: string, settings: Settings): Promise<Model> {
  if (!/\.onnx$/i.test(path))
    throw new InputError(`${path}: expected a model folder or a decoder .onnx, got another file`);
  const decoder = await readForeign(path, { settings });
  const description: ModelDescription = {
    format: 1,
    name: basename(path).replace(/\.onnx$/i, ""),
    latentDimension: decoder.latentDimension,
    dataDimension: decoder.dataDimension,
    observationShape: [...decoder.observationShape],
    drawing: drawingOf(decoder.observationShape),
  };
  return { path, description, decoder };
}

async function column<T extends "int64" | "float64">(
  file: string,
  type: T,
  n: number | undefined,
): Promise<Tensor<T>> {
  const values = await readTensor(file, type);
  if (values.shape.length !== 1 || values.shape[0] !== n)
    throw new InputError(
      `${file}: expected ${n ?? "no"} numbers, one for each row of latents.npy, got shape [${values.shape}]`,
    );
  return values;
}

async function optional<T>(
  file: string,
  read: (file: string) => Promise<T>,
): Promise<T | undefined> {
  try {
    await stat(file);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw pathError("read", file, error);
  }
  return read(file);
}
