/**
 * @file From a dataset to a model folder: start, train with checkpoints, encode all data, measure
 * the model on data it has not seen, write.
 *
 * While it trains there is `OUT.partial/checkpoint/`; OUT itself appears whole at the end. Killed
 * at any moment and resumed, the training writes the same `decoder.onnx` as one that ran through,
 * on the same machine with the same number of threads.
 */
import type {
  Engine,
  HeldOut,
  Likelihood,
  ModelDescription,
  ModelSpec,
  Preset,
  PresetData,
  PresetName,
  Tensor,
  TrainingIdentity,
  TrainingState,
} from "pullback-core";
import {
  checksum,
  decoderGraph,
  encodeAll,
  encoderGraph,
  heldOutLikelihood,
  InputError,
  network,
  preset,
  sigmaOf,
  startFromData,
  train,
  writeCsv,
} from "pullback-core";
import type { Dataset } from "../datasets/index.ts";
import { writeModel } from "../files/model-folder.ts";
import { claimFolder } from "../files/write.ts";
import { drawnRows, rowsAt } from "./held-out.ts";
import { trainingFolder } from "./training-folder.ts";

export interface TrainModelOptions {
  readonly dataset: Dataset;
  /** Which presets the data have. */
  readonly kind: PresetData;
  /** `quick` by default. */
  readonly preset?: PresetName;
  /** Steps instead of the preset's. */
  readonly steps?: number;
  /** Instead of the one that suits the data. */
  readonly likelihood?: Likelihood;
  readonly seed: number;
  /** Folder to write. */
  readonly out: string;
  readonly overwrite?: boolean;
  /** Goes on where `OUT.partial` is, from the start where there is none. */
  readonly resume?: boolean;
  /** Steps between checkpoints; a tenth of all, at most 500, by default. */
  readonly checkpointEvery?: number;
  readonly engine: Engine;
  /** Stops after the step under way; a checkpoint is kept. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: TrainModelProgress) => void;
}

export interface TrainModelProgress {
  readonly phase: "training" | "encoding" | "held out";
  readonly done: number;
  readonly total: number;
  /** While training. */
  readonly bound?: number;
  readonly sigma?: number;
}

export type TrainModelResult =
  | { readonly status: "finished"; readonly description: ModelDescription }
  | {
      readonly status: "stopped";
      readonly step: number;
      readonly steps: number;
      /** Folder with the checkpoint. */
      readonly partial: string;
    };

/** Throws `InputError` for an output that exists, and where training stops at a number that is none. */
export async function trainModel(options: TrainModelOptions): Promise<TrainModelResult> {
  const { dataset, engine, seed, out, overwrite = false, signal } = options;
  const { spec, settings, heldOut } = chosen(options);
  const target = await claimFolder(out, { overwrite, markers: ["model.json"] });
  const identity = identityOf(dataset, spec, settings, seed);
  const folder = await trainingFolder(out, identity, { resume: options.resume, overwrite });
  const data = dataset.observations;
  const from = (await folder.latest()) ?? (await startFromData({ engine, spec, data, seed }));
  const state = await run(from);
  await folder.save(state);
  const stopped: TrainModelResult = {
    status: "stopped",
    step: state.step,
    steps: settings.steps,
    partial: folder.path,
  };
  if (state.step < settings.steps) return stopped;

  const model = { engine, spec, parameters: state.parameters, signal };
  const latents = await encodeAll({ ...model, data, onProgress: share("encoding") });
  const measured = await unlessAborted(signal, () =>
    heldOutLikelihood({
      ...model,
      data: someHeldOut(dataset.heldOut, heldOut?.observations, seed),
      samples: heldOut?.samples,
      seed,
      onProgress: share("held out"),
    }),
  );
  if (!measured) return stopped;
  const description = describe(options, spec, state, measured);
  const { labels, values } = dataset;
  await target.write((path) =>
    writeModel(path, {
      description,
      decoder: decoderGraph(spec, state.parameters),
      encoder: encoderGraph(spec, state.parameters),
      ...{ latents, labels, values },
      training: history(state),
    }),
  );
  await folder.remove();
  return { status: "finished", description };

  async function run(from: TrainingState): Promise<TrainingState> {
    try {
      return await train({
        engine,
        spec,
        settings,
        seed,
        data,
        from,
        signal,
        checkpointEvery: options.checkpointEvery ?? Math.min(500, Math.ceil(settings.steps / 10)),
        onCheckpoint: folder.save,
        onProgress: ({ step, steps, bound, sigma }) =>
          options.onProgress?.({ phase: "training", done: step, total: steps, bound, sigma }),
      });
    } catch (error) {
      const last = error instanceof InputError && (await folder.latest());
      if (!last) throw error;
      throw new InputError(
        `${(error as Error).message}; ${folder.path} keeps the checkpoint of step ${last.step}`,
        { cause: error },
      );
    }
  }

  function share(phase: TrainModelProgress["phase"]) {
    return (done: number): void => options.onProgress?.({ phase, done, total: 1 });
  }
}

function chosen(options: TrainModelOptions): Preset {
  const { dataset, kind, steps } = options;
  const [rows, dataDimension] = dataset.observations.shape as [number, number];
  const likelihood = options.likelihood ?? dataset.likelihood;
  const found = preset(kind, options.preset ?? "quick", { dataDimension, rows, likelihood });
  if (steps === undefined) return found;
  const warmUp = Math.min(found.settings.warmUp ?? 0, Math.ceil(steps / 10));
  return { ...found, settings: { ...found.settings, steps, warmUp } };
}

/** What a checkpoint must agree with. */
function identityOf(
  dataset: Dataset,
  spec: ModelSpec,
  settings: Preset["settings"],
  seed: number,
): TrainingIdentity {
  const { data, shape } = dataset.observations;
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return {
    dataset: dataset.name,
    observations: `${shape.join(" x ")}, checksum ${checksum(words)}`,
    seed,
    ...settings,
    model: JSON.stringify(spec),
  };
}

async function unlessAborted(
  signal: AbortSignal | undefined,
  work: () => Promise<HeldOut>,
): Promise<HeldOut | null> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) return null;
    throw error;
  }
}

function someHeldOut(all: Tensor<"float32">, most: number | undefined, seed: number) {
  const n = all.shape[0] as number;
  return most === undefined || most >= n ? all : rowsAt(all, drawnRows(n, most, seed));
}

function describe(
  { dataset, preset: name = "quick", seed }: TrainModelOptions,
  spec: ModelSpec,
  state: TrainingState,
  heldOut: HeldOut,
): ModelDescription {
  const sigma = sigmaOf(network(spec), state.parameters);
  return {
    format: 1,
    name: dataset.name,
    latentDimension: spec.latentDimension,
    dataDimension: spec.dataDimension,
    observationShape: [...dataset.observationShape],
    drawing: dataset.drawing,
    likelihood: spec.likelihood,
    preset: name,
    seed,
    ...(dataset.scaling ? { scaling: dataset.scaling } : {}),
    ...(dataset.labelNames ? { labelNames: [...dataset.labelNames] } : {}),
    ...(dataset.value ? { value: dataset.value } : {}),
    training: {
      steps: state.step,
      seconds: state.seconds,
      bound: state.bound,
      ...(Number.isNaN(sigma) ? {} : { sigma }),
      heldOut,
    },
  };
}

const columns = ["step", "bound", "sigma", "seconds", "learningRate"] as const;

/** `training.csv` */
function history({ records }: TrainingState): string {
  return writeCsv(
    records.map((record) => columns.map((column) => record[column])),
    columns,
  );
}
