/** @file `pullback train`: from data to a model folder. */
import type { HeldOut } from "pullback-core";
import * as v from "valibot";
import { datasetNames, loadDataset } from "../datasets/index.ts";
import { nativeEngine } from "../engine/onnxruntime.ts";
import { trainModel } from "../experiments/train-model.ts";
import { trainingProgress } from "../experiments/training-progress.ts";
import { command } from "./command.ts";
import { datasetOptions } from "./dataset-options.ts";
import { argument, flag, oneOf, option, path, wholeNumber } from "./options.ts";

export const train = command({
  name: "train",
  summary: "train a model and write its folder",
  arguments: { dataset: argument(`one of ${datasetNames.join(", ")}`, oneOf(datasetNames)) },
  options: {
    out: option("DIR", "model folder to write", path),
    preset: option(
      "NAME",
      "quick, or paper for the setup of the paper",
      v.optional(oneOf(["quick", "paper"]), "quick"),
    ),
    steps: option("N", "steps instead of the preset's", v.optional(wholeNumber())),
    ...datasetOptions,
    likelihood: option(
      "NAME",
      "gaussian or bernoulli (default: what suits the data)",
      v.optional(oneOf(["gaussian", "bernoulli"])),
    ),
    resume: flag("go on with the training that was interrupted"),
    checkpointEvery: option(
      "N",
      "steps between checkpoints (default: a tenth of all, at most 500)",
      v.optional(wholeNumber()),
    ),
  },
  async run({ arguments: { dataset: kind }, options, ...terminal }) {
    const { out, preset, steps, likelihood, resume, checkpointEvery, overwrite, seed } = options;
    const engine = nativeEngine(options);
    const bars = trainingProgress(terminal);
    const result = await trainModel({
      dataset: await loadDataset(kind, options),
      ...{ kind, preset, steps, likelihood, resume, checkpointEvery, overwrite, seed, out, engine },
      signal: terminal.signal,
      onProgress: bars.show,
    }).finally(() => bars.end());
    await engine.dispose();
    if (result.status === "stopped") {
      const { step, partial } = result;
      return {
        text: `stopped at step ${step} of ${result.steps}; the same command with --resume goes on from ${partial}`,
        json: { ...result },
      };
    }
    const { training } = result.description;
    const sigma = training?.sigma === undefined ? "" : `sigma      ${training.sigma.toFixed(4)}\n`;
    return {
      text: `bound      ${training?.bound.toFixed(2)} nats\n${sigma}${heldOutLine(training?.heldOut)}\n${out}`,
      json: { out, ...result.description },
    };
  },
});

/** `held out   -135.21 ± 0.84 nats (500 observations, 5000 samples each)` */
export function heldOutLine(heldOut: HeldOut | undefined): string {
  if (!heldOut) return "held out   not measured";
  const { logLikelihood, standardError, observations, samples } = heldOut;
  return `held out   ${logLikelihood.toFixed(2)} ± ${standardError.toFixed(2)} nats (${observations} observations, ${samples} samples each)`;
}
