/** @file One experiment by its name: its data, the training of its models, its run. */
import type { Engine } from "pullback-core";
import { InputError } from "pullback-core";
import { loadDataset } from "../datasets/index.ts";
import { dataFor } from "../datasets/locate.ts";
import type { Experiment } from "./experiment.ts";
import { experiments } from "./index.ts";
import type { Outcome } from "./run.ts";
import { runExperiment } from "./run.ts";
import { trainModel } from "./train-model.ts";
import type { Bars } from "./training-progress.ts";
import { trainingProgress } from "./training-progress.ts";

export interface ReproduceOptions {
  readonly out: string;
  readonly preset: "quick" | "paper";
  /** Folder with data. */
  readonly data?: string | undefined;
  readonly seed: number;
  /** Models, each from a seed of its own; 3 for `quick` and 1 for `paper` by default. */
  readonly seeds?: number | undefined;
  readonly pairs: number;
  readonly overwrite: boolean;
  readonly engine: Engine;
}

/** Where the run is watched from. */
export interface Watcher extends Bars {
  readonly signal: AbortSignal;
  note(line: string): void;
}

/** Throws `InputError` where a training is interrupted; the same call goes on from there. */
export function reproduceExperiment(
  name: Experiment["name"],
  { data, ...options }: ReproduceOptions,
  { signal, note, progress: show }: Watcher,
): Promise<Outcome> {
  const { preset, seed, engine } = options;
  const progress: Watcher["progress"] = (of) => show({ ...of, label: `${name}: ${of.label}` });
  const dataset = (which: number) => loadDataset(name, { data: dataFor(name, data), seed: which });
  const train = async (folder: string, which: number, replace: boolean): Promise<void> => {
    const bars = trainingProgress({ progress }, which === seed ? "" : `seed ${which}: `);
    const result = await trainModel({
      dataset: await dataset(which),
      kind: name,
      ...{ preset, seed: which, engine, signal, out: folder },
      overwrite: replace,
      // An earlier run may have been interrupted.
      resume: !replace,
      onProgress: bars.show,
    }).finally(() => bars.end());
    if (result.status === "stopped")
      throw new InputError(
        `stopped at step ${result.step}; the same command goes on from ${result.partial}`,
      );
  };
  const seeds = options.seeds ?? (preset === "quick" ? 3 : 1);
  return runExperiment(
    experiments[name],
    { ...options, seeds, train, dataset, note },
    { signal, progress },
  );
}
