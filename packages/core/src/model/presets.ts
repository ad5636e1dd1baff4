/**
 * @file Model and training for each kind of data: `paper` (Tables 2 to 5), and `quick`, which
 * reaches a good model in about two minutes on two cores.
 *
 * What the paper leaves open is the same in both: where training starts (`initialModel`), one
 * layer in each residual block, the number of steps. What `quick` changes are only numbers of the
 * optimisation; the networks are the same, so that geometry compares. docs/training.md has the
 * measurements that led here.
 */
import type { Likelihood } from "../format/model.ts";
import type { MeanActivation, ModelSpec } from "./network.ts";
import type { TrainingSettings } from "./schedule.ts";

export type PresetName = "quick" | "paper";
/** Kinds of data that have presets of their own. */
export type PresetData = "pendulum" | "mnist" | "robot-arm" | "human-motion" | "images" | "table";

export interface Preset {
  readonly spec: ModelSpec;
  readonly settings: TrainingSettings;
  /** How many observations' log-likelihoods are estimated at the end, from how many samples each. */
  readonly heldOut?: { readonly observations: number; readonly samples: number };
}

export interface PresetOptions {
  readonly dataDimension: number;
  readonly latentDimension?: number;
  /** Bernoulli for `mnist` and `images`, Gaussian for the others, by default. */
  readonly likelihood?: Likelihood;
  /** Number of observations: a step count follows from it where the paper's data set does not. */
  readonly rows: number;
}

const tanh = (...widths: number[]) => ({ widths, activation: "tanh" as const });
const denseDecoder = { kind: "dense", ...tanh(512, 512) } as const;
const residualDecoder = { kind: "residual", width: 128, blocks: 7, activation: "tanh" } as const;
/** Table 5: one layer more, on both sides. */
const deeper = tanh(512, 512, 512);
const decoders: Partial<Record<PresetData, ModelSpec["decoder"]>> = {
  mnist: residualDecoder,
  images: residualDecoder,
  "human-motion": { kind: "dense", ...deeper },
};

/** Tables 2 and 3. */
const published = { batchSize: 20, samples: 50, learningRate: 1e-4 } as const;
/** Tables 4 and 5. */
const publishedMotion = { batchSize: 150, samples: 15, learningRate: 1e-3 } as const;

/** The preset of that name for data of that kind. */
export function preset(data: PresetData, name: PresetName, options: PresetOptions): Preset {
  const { dataDimension, latentDimension = 2, rows } = options;
  const likelihood =
    options.likelihood ?? (data === "mnist" || data === "images" ? "bernoulli" : "gaussian");
  const mean: MeanActivation =
    likelihood === "bernoulli" ? "sigmoid" : data === "table" ? "linear" : "softplus";
  const spec: ModelSpec = {
    latentDimension,
    dataDimension,
    encoder: data === "human-motion" ? deeper : tanh(512, 512),
    decoder: decoders[data] ?? denseDecoder,
    mean,
    likelihood,
  };
  if (name === "paper") {
    const settings = data === "robot-arm" || data === "human-motion" ? publishedMotion : published;
    const epochs = data === "pendulum" ? 200 : 100;
    const steps = epochs * Math.max(1, Math.floor(rows / settings.batchSize));
    return { spec, settings: { ...settings, steps } };
  }
  return { spec, settings: quick[data], heldOut: { observations: 100, samples: 1000 } };
}

const schedule = { samples: 5, warmUp: 200, finalRate: 0.01 } as const;

const quick: Readonly<Record<PresetData, TrainingSettings>> = {
  // As many samples as in the paper: they are what makes the decoder steep between its codes.
  pendulum: {
    ...{ ...schedule, steps: 4000, batchSize: 20, learningRate: 3e-3 },
    ...{ samples: 50, gradientSamples: 6 },
  },
  mnist: { ...schedule, steps: 2000, batchSize: 100, learningRate: 3e-3 },
  "human-motion": { ...schedule, samples: 1, steps: 3600, batchSize: 64, learningRate: 2e-3 },
  "robot-arm": { ...schedule, samples: 3, steps: 3000, batchSize: 64, learningRate: 3e-3 },
  images: { ...schedule, steps: 5000, batchSize: 100, learningRate: 2e-3 },
  table: { ...schedule, steps: 4000, batchSize: 64, learningRate: 2e-3 },
};
