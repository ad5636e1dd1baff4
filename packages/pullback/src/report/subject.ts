/** @file Opens what a page or a map is about: a model, and how its training went. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "pullback-core";
import { readCsv } from "pullback-core";
import { readModel } from "../files/model-folder.ts";
import { readBytes } from "../files/read.ts";
import { naming } from "../files/reason.ts";
import type { Subject } from "./findings.ts";

/** A model folder or a decoder `.onnx`; `settings` as in `readModel`, and it throws what that throws. */
export async function openSubject(path: string, settings: Settings = {}): Promise<Subject> {
  const { description, decoder, latents, labels, values } = await readModel(path, settings);
  const records = join(path, "training.csv");
  return {
    folder: path,
    description,
    decoder,
    latents: latents?.data ?? new Float32Array(0),
    labels: labels && Array.from(labels.data, Number),
    values: values?.data,
    training: existsSync(records) ? await readTraining(records) : undefined,
  };
}

/** Not every column is finite: a Bernoulli model has no sigma. */
async function readTraining(file: string): Promise<Subject["training"]> {
  const text = new TextDecoder().decode(await readBytes(file));
  const { header = [], values } = await naming(file, () => readCsv(text));
  const [rows = 0, width = 0] = values.shape;
  const [step, bound] = [header.indexOf("step"), header.indexOf("bound")];
  if (step < 0 || bound < 0 || rows < 2) return undefined;
  const of = (at: number): number[] =>
    Array.from({ length: rows }, (_, row) => values.data[row * width + at] as number);
  return { steps: of(step), bounds: of(bound) };
}
