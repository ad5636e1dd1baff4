/** @file How long a training will take, from its first steps. */
import type { Engine, PresetData, PresetName } from "pullback-core";
import { preset, train } from "pullback-core";
import type { Dataset } from "../datasets/index.ts";

export interface PaceOptions {
  readonly dataset: Dataset;
  readonly kind: PresetData;
  readonly preset: PresetName;
  readonly seed: number;
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

export interface Pace {
  readonly steps: number;
  /** For all steps. */
  readonly seconds: number;
}

/** Seconds, so that compiling and warming up count little. */
const moment = 4;

/** Trains for a moment, keeps nothing, and says what the whole would take. */
export async function trainingPace(options: PaceOptions): Promise<Pace> {
  const { dataset, kind, engine, seed, signal } = options;
  const { observations, likelihood } = dataset;
  const [rows, dataDimension] = observations.shape as [number, number];
  const { spec, settings } = preset(kind, options.preset, { dataDimension, rows, likelihood });
  const enough = new AbortController();
  let stepsPerSecond = 0;
  await train({
    ...{ engine, spec, settings, seed, data: observations },
    signal: AbortSignal.any([signal, enough.signal]),
    onProgress(report) {
      stepsPerSecond = report.stepsPerSecond;
      if (report.seconds > moment) enough.abort();
    },
  });
  return { steps: settings.steps, seconds: settings.steps / stepsPerSecond };
}
