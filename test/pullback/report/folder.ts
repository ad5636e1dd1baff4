/** @file The torus of `example.ts` as a model folder on disk. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ModelDescription } from "pullback-core";
import { tensor, tensorFrom } from "pullback-core";
import { writeModel } from "../../../packages/pullback/src/files/model-folder.ts";
import { description, subject } from "./example.ts";

export async function torusFolder(
  parent: string,
  name: string,
  change: Partial<ModelDescription> = {},
): Promise<string> {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  const n = subject.latents.length / 2;
  await writeModel(folder, {
    description: { ...description, ...change },
    decoder: subject.decoder.graph,
    latents: tensor("float32", [n, 2], subject.latents),
    values: tensorFrom("float64", [n], subject.values ?? []),
    training: "step,bound,sigma\n0,1,nan\n10,2,nan\n20,3,nan\n",
  });
  return folder;
}
