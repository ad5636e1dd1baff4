/**
 * @file Files of a model, wherever they come from, to what the page works with.
 *
 * A model folder's files by their names, or a decoder `.onnx` alone with or without latent codes
 * (`.npy`, or a table as text or Parquet, whose columns beside the codes describe the points). A
 * table called `metadata` describes codes that stand in another file, row for row.
 */
import type {
  AdaptedDecoder,
  Decoder,
  FloatArray,
  ModelDescription,
  NumericArray,
} from "pullback-core";
import {
  adaptDecoder,
  drawingOf,
  InputError,
  ModelDescription as ModelSchema,
  readNpy,
  readOnnx,
  toTensor,
} from "pullback-core";
import * as v from "valibot";
import type { NamedFile } from "./files.ts";
import { besideName, codesName, metadataName } from "./files.ts";
import { readParquet } from "./parquet.ts";
import type { Column, Table } from "./table.ts";
import { codesOf, readTextTable } from "./table.ts";

export interface OpenModel {
  readonly description: ModelDescription;
  readonly decoder: Decoder;
  /** Latent codes of the data, [n, d]; empty when unknown. */
  readonly latents: Float32Array;
  /** Class of each code, [n]. */
  readonly labels?: Int32Array;
  /** One number a code, [n]; `description.value` says what it is. */
  readonly values?: Float64Array;
  /** What a table says of the codes, [n] each. */
  readonly columns: readonly Column[];
}

/** Throws `InputError` in plain words, naming the file, where the files make no model. */
export async function openModel(files: readonly NamedFile[]): Promise<OpenModel> {
  const find = (pattern: RegExp): NamedFile | undefined =>
    files.find(({ name }) => pattern.test(name));
  const decoderFile = find(/(^|\/)decoder\.onnx$/i) ?? find(/\.onnx$/i);
  if (!decoderFile)
    throw new InputError(
      `expected a decoder as an .onnx file, got ${files.map(({ name }) => name).join(", ") || "nothing"}`,
    );
  const decoder = await naming(decoderFile, (bytes) =>
    adaptDecoder(readOnnx(bytes, { freeBatch: true })),
  );
  const modelFile = find(/(^|\/)model\.json$/i);
  const description = modelFile
    ? await naming(modelFile, (bytes) => describe(bytes, decoder))
    : bareDescription(decoderFile.name, decoder);
  if (decoder.latentDimension < 2)
    throw new InputError(
      `${decoderFile.name}: expected two latent dimensions or more, got ${decoder.latentDimension}: there is no plane to draw; pullback map draws its line`,
    );

  const d = decoder.latentDimension;
  const codesFile =
    find(/(^|\/)latents\.(npy|csv|tsv|txt|parquet)$/i) ??
    files.find(({ name }) => codesName.test(name) && !besideName.test(name));
  if (!codesFile) return { description, decoder, latents: new Float32Array(0), columns: [] };
  const { latents, columns } = await naming(codesFile, (bytes) => codes(codesFile.name, bytes, d));
  const n = latents.length / d;
  const labelsFile = find(/(^|\/)labels\.npy$/i);
  const valuesFile = find(/(^|\/)values\.npy$/i);
  const metadataFile = find(metadataName);
  const metadata =
    metadataFile &&
    (await naming(metadataFile, (bytes) => describing(metadataFile.name, bytes, n)));
  return {
    description,
    decoder,
    latents,
    labels: labelsFile && (await naming(labelsFile, (bytes) => Int32Array.from(column(bytes, n)))),
    values: valuesFile && (await naming(valuesFile, (bytes) => column(bytes, n))),
    columns: [...columns, ...(metadata?.columns ?? [])],
  };
}

const tableOf = async (name: string, bytes: Uint8Array): Promise<Table> =>
  /\.parquet$/i.test(name) ? readParquet(bytes) : readTextTable(new TextDecoder().decode(bytes));

async function describing(name: string, bytes: Uint8Array, n: number): Promise<Table> {
  const table = await tableOf(name, bytes);
  if (table.rows !== n)
    throw new InputError(`expected ${n} rows, one for each latent code, got ${table.rows}`);
  return table;
}

async function naming<T>(file: NamedFile, read: (bytes: Uint8Array) => T | Promise<T>): Promise<T> {
  try {
    return await read(file.bytes);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${file.name}: ${error.message}`, { cause: error });
  }
}

function describe(bytes: Uint8Array, decoder: Decoder): ModelDescription {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new InputError(`expected JSON, got ${(error as Error).message}`);
  }
  const result = v.safeParse(ModelSchema, json);
  if (!result.success) {
    const [issue] = result.issues;
    throw new InputError(`${v.getDotPath(issue) ?? "content"}: ${issue.message}`);
  }
  const { latentDimension: d, dataDimension: D } = result.output;
  if (decoder.latentDimension !== d || decoder.dataDimension !== D)
    throw new InputError(
      `expected ${d} latent dimensions to ${D} numbers, got a decoder from ${decoder.latentDimension} to ${decoder.dataDimension}`,
    );
  return result.output;
}

/** What can be said of a decoder alone. A square number of outputs above a hundred in a row is an image. */
function bareDescription(file: string, decoder: AdaptedDecoder): ModelDescription {
  const D = decoder.dataDimension;
  const side = Math.sqrt(D);
  const isSquare = decoder.observationShape.length === 1 && D >= 100 && Number.isInteger(side);
  const observationShape = isSquare ? [side, side] : [...decoder.observationShape];
  return {
    format: 1,
    name: file.replace(/^.*\//, "").replace(/\.onnx$/i, ""),
    latentDimension: decoder.latentDimension,
    dataDimension: D,
    observationShape,
    drawing: drawingOf(observationShape),
  };
}

async function codes(
  name: string,
  bytes: Uint8Array,
  d: number,
): Promise<{ readonly latents: Float32Array; readonly columns: readonly Column[] }> {
  if (!/\.npy$/i.test(name)) return codesOf(await tableOf(name, bytes), d);
  const { shape, data } = toTensor(readNpy(bytes), "float32");
  if (shape.length !== 2 || shape[1] !== d)
    throw new InputError(
      `expected codes of ${d} numbers a row, as the decoder takes, got shape [${shape}]`,
    );
  return { latents: finite(data, d), columns: [] };
}

function finite<T extends FloatArray>(data: T, d: number): T {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new InputError(
      `row ${Math.floor(at / d) + 1}, column ${(at % d) + 1}: expected a finite number, got ${data[at]}`,
    );
  return data;
}

function column(bytes: Uint8Array, n: number): Float64Array {
  const array: NumericArray = readNpy(bytes);
  if (array.shape.length !== 1 || array.shape[0] !== n)
    throw new InputError(
      `expected ${n} numbers, one for each latent code, got shape [${array.shape}]`,
    );
  return Float64Array.from(array.data as ArrayLike<number | bigint>, Number);
}
