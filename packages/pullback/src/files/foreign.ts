/**
 * @file Decoders that other programs wrote: `.onnx` with whatever lies beside it, and files of
 * weights with a `layers.json`.
 */
import { dirname, isAbsolute, join, normalize } from "node:path";
import type { AdaptedDecoder, NumericArray, Settings } from "pullback-core";
import {
  adaptDecoder,
  denseDecoder,
  externalFiles,
  InputError,
  LayersFile,
  readNpz,
  readOnnx,
  readSafetensors,
} from "pullback-core";
import * as v from "valibot";
import { readBytes } from "./read.ts";
import { naming } from "./reason.ts";

export interface ForeignOptions {
  /** Values of inputs beside the latent code. */
  readonly settings?: Settings;
  /** The output that is the mean; by default `mean`, or the first with one row a code. */
  readonly output?: string | undefined;
}

/**
 * The decoder in an `.onnx` file of another program; a fixed number of rows becomes free. Throws
 * `InputError` that names the file.
 */
export async function readForeign(
  path: string,
  { settings = {}, output }: ForeignOptions = {},
): Promise<AdaptedDecoder> {
  const bytes = await readBytes(path);
  return naming(path, async () => {
    const files = await beside(path, externalFiles(bytes));
    const outputs = output === undefined ? undefined : [output];
    const graph = readOnnx(bytes, { files, freeBatch: true, outputs });
    return adaptDecoder(graph, settings, { output });
  });
}

/** Files that a model names, which may only lie beside or below it. */
async function beside(path: string, names: readonly string[]): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    if (name === "" || isAbsolute(name) || normalize(name).startsWith(".."))
      throw new InputError(`expected weights beside the model, got the path ${name || "(empty)"}`);
    files.set(name, await readBytes(join(dirname(path), name)));
  }
  return files;
}

const readers: readonly (readonly [RegExp, (bytes: Uint8Array) => Map<string, NumericArray>])[] = [
  [/\.safetensors$/i, readSafetensors],
  [/\.npz$/i, readNpz],
];

/** Whether a file holds weights alone and needs a `layers.json`. */
export const isWeights = (path: string): boolean => readers.some(([ending]) => ending.test(path));

/** The dense decoder that `layers` makes of a `.safetensors` or `.npz`. */
export async function readDense(path: string, layers: string): Promise<AdaptedDecoder> {
  const read = readers.find(([ending]) => ending.test(path))?.[1];
  if (!read) throw new InputError(`${path}: expected a .safetensors or .npz`);
  const bytes = await readBytes(path);
  const arrays = await naming(path, () => read(bytes));
  const description = await readLayers(layers);
  return naming(path, () => adaptDecoder(denseDecoder(arrays, description)));
}

async function readLayers(path: string): Promise<LayersFile> {
  const text = new TextDecoder().decode(await readBytes(path));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${path}: expected JSON, got ${(error as Error).message}`);
  }
  const result = v.safeParse(LayersFile, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new InputError(`${path}: ${v.getDotPath(issue) ?? "content"}: ${issue.message}`);
}
