/** @file Codes that a command takes: those of the model folder, or others from a file. */
import type { Tensor } from "pullback-core";
import * as v from "valibot";
import type { Model } from "../files/model-folder.ts";
import { readMatrix } from "../files/read.ts";
import { UsageError } from "./command.ts";
import { option, path } from "./options.ts";

export const codesOption = option(
  "FILE",
  "codes [n, d], .npy or .csv (default: those of the model folder)",
  v.optional(path),
);

/** For commands that take distances: codes, so that the user sees what the metric bought. */
export const euclideanOption = option(
  "FILE",
  "codes, to show the same with Euclidean distances (a .zarr has them)",
  v.optional(path),
);

/** The codes in the file, otherwise those of the model. Throws `UsageError` where there are none. */
export async function codesOf(
  { decoder, latents }: Pick<Model, "decoder" | "latents">,
  file: string | undefined,
): Promise<Tensor<"float32">> {
  const codes = file ? await readMatrix(file, "float32", decoder.latentDimension) : latents;
  if (codes) return codes;
  throw new UsageError("--latents: expected codes, which a decoder alone does not have");
}
