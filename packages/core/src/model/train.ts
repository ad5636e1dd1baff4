/**
 * @file The training loop: bound and gradients from one program, the optimiser in TypeScript.
 *
 * All that a step draws is derived from seed and step number, and the state is four flat things,
 * so a training that is stopped anywhere and resumed from a checkpoint goes through the same
 * numbers as one that was not.
 */
import { InputError } from "../array/errors.ts";
import { random } from "../array/random.ts";
import type { Tensor } from "../array/tensor.ts";
import { firstNonFinite, zeros } from "../array/tensor.ts";
import type { Engine } from "../engine/engine.ts";
import { describeShape } from "../graph/value.ts";
import type { AdamState } from "./adam.ts";
import { adam, gradientNorm } from "./adam.ts";
import { boundGradient } from "./gradient.ts";
import type { ModelSpec, Network } from "./network.ts";
import { logSigma, network } from "./network.ts";
import { initialParameters, parameterViews } from "./parameters.ts";
import type { TrainingSettings } from "./schedule.ts";
import { drawNoise, learningRate, minibatches, priorWeight } from "./schedule.ts";

/** One line of `training.csv`. */
export interface TrainingRecord {
  readonly step: number;
  /** Running mean of the bound, nats per observation. */
  readonly bound: number;
  /** Standard deviation of a Gaussian likelihood; NaN for others. */
  readonly sigma: number;
  readonly seconds: number;
  readonly learningRate: number;
}

export interface TrainingState extends AdamState {
  /** Updates done. */
  step: number;
  /** Running mean of the bound over about the last hundred steps. */
  bound: number;
  /** Seconds of training so far, over all sessions. */
  seconds: number;
  readonly records: TrainingRecord[];
}

export interface TrainingProgress extends TrainingRecord {
  readonly steps: number;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
}

export interface TrainOptions {
  readonly engine: Engine;
  readonly spec: ModelSpec;
  readonly settings: TrainingSettings;
  readonly seed: number;
  /** Observations, [N, D]. */
  readonly data: Tensor<"float32">;
  /** Where to go on; a fresh start by default. Is changed in place. */
  readonly from?: TrainingState;
  /** Stops after the step that is under way; the result then has fewer steps than asked for. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Called every `checkpointEvery` steps; the state must not be kept, it goes on changing. */
  readonly onCheckpoint?: (state: TrainingState) => Promise<void>;
  readonly checkpointEvery?: number;
  /** Seconds on any clock; `performance.now` by default. */
  readonly clock?: () => number;
}

/** Lines of `training.csv` of a whole training, about. */
const recordsInAll = 400;

/** Steps between two looks at the clock are at most this many seconds. */
const breath = 0.1;

export function initialState(network: Network, seed: number): TrainingState {
  const parameters = initialParameters(network.parameters, seed);
  return {
    step: 0,
    bound: 0,
    seconds: 0,
    records: [],
    parameters,
    first: new Float32Array(parameters.length),
    second: new Float32Array(parameters.length),
  };
}

/**
 * Trains until `settings.steps` or until the signal says stop.
 * Throws `InputError` with step and cause when the bound or a gradient is not finite, before the
 * parameters are touched.
 */
export async function train(options: TrainOptions): Promise<TrainingState> {
  const { engine, spec, settings, seed, data, signal, checkpointEvery = 0 } = options;
  const { clock = () => performance.now() / 1000 } = options;
  checkData(data, spec);
  const rows = data.shape[0] as number;
  const batchSize = Math.min(settings.batchSize, rows);
  const net = network(spec);
  const state = options.from ?? initialState(net, seed);
  const step = await stepper(engine, net, { ...settings, batchSize }, seed, data, state);
  const recordEvery = Math.max(1, Math.round(settings.steps / recordsInAll));
  const began = clock() - state.seconds;
  const session = { step: state.step, seconds: state.seconds };
  let looked = state.seconds;

  const record = (): TrainingRecord => ({
    step: state.step,
    bound: state.bound,
    sigma: sigmaOf(net, state.parameters),
    seconds: state.seconds,
    learningRate: learningRate(settings, state.step - 1),
  });
  try {
    while (state.step < settings.steps && !signal?.aborted) {
      await step.run();
      state.seconds = clock() - began;
      const last = state.step === settings.steps;
      if (last || state.step % recordEvery === 0) state.records.push(record());
      if (checkpointEvery > 0 && state.step % checkpointEvery === 0 && !last)
        await options.onCheckpoint?.(state);
      if (last || state.seconds - looked > breath) {
        const stepsPerSecond = (state.step - session.step) / (state.seconds - session.seconds);
        const secondsLeft = (settings.steps - state.step) / stepsPerSecond;
        options.onProgress?.({ ...record(), steps: settings.steps, stepsPerSecond, secondsLeft });
        looked = state.seconds;
        // A run blocks the thread: this lets signals and timers have their turn.
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    }
  } finally {
    await step.dispose();
  }
  return state;
}

/** Standard deviation of a Gaussian likelihood, NaN for others. */
export function sigmaOf({ parameters }: Network, flat: Float32Array): number {
  const [s] = parameterViews(parameters, flat)[logSigma]?.data ?? [];
  return s === undefined ? Number.NaN : Math.exp(s);
}

interface Stepper {
  run(): Promise<void>;
  dispose(): Promise<void>;
}

/** Compiles the program and gives back what does one step on the state. */
async function stepper(
  engine: Engine,
  net: Network,
  settings: TrainingSettings,
  seed: number,
  data: Tensor<"float32">,
  state: TrainingState,
): Promise<Stepper> {
  const { batchSize, samples, gradientSamples } = settings;
  const { latentDimension, dataDimension } = net.spec;
  const gradient = new Float32Array(state.parameters.length);
  const gradients = parameterViews(net.parameters, gradient);
  const x = zeros("float32", [batchSize, dataDimension]);
  const noise = zeros("float32", [batchSize * samples, latentDimension]);
  const prior = zeros("float32", []);
  const rowsOf = minibatches(seed, data.shape[0] as number, batchSize);
  const parameters = parameterViews(net.parameters, state.parameters);
  const { run, dispose } = await boundGradient({
    ...{ engine, network: net, batchSize, samples, gradientSamples, parameters, gradients },
  });
  return {
    async run() {
      rowsOf(state.step).forEach((row, i) => {
        const observation = data.data.subarray(row * dataDimension, (row + 1) * dataDimension);
        x.data.set(observation, i * dataDimension);
      });
      drawNoise(seed, state.step, noise.data);
      prior.data[0] = priorWeight(settings, state.step);
      const { uniform } = random(seed, "resampling", state.step);
      const bound = await run({ x, noise, priorWeight: prior }, uniform);
      const norm = gradientNorm(gradient);
      if (!Number.isFinite(bound) || !Number.isFinite(norm))
        throw new InputError(`train: step ${state.step + 1}: ${cause(bound, gradients)}`);
      const rate = learningRate(settings, state.step);
      const scale = Math.min(1, (settings.clip ?? Infinity) / norm);
      state.step += 1;
      adam(state, gradient, { step: state.step, learningRate: rate, scale });
      state.bound += (bound - state.bound) * Math.max(1 / state.step, 0.01);
    },
    dispose,
  };
}

/** What is not finite, in words, with advice. */
function cause(bound: number, gradients: Readonly<Record<string, Tensor<"float32">>>): string {
  const advice = "a smaller learning rate or a longer warm-up may help";
  if (!Number.isFinite(bound)) return `the bound is ${bound}; ${advice}`;
  for (const [name, { data }] of Object.entries(gradients)) {
    const at = firstNonFinite(data);
    if (at >= 0) return `the gradient of ${name} is ${data[at]} at element ${at}; ${advice}`;
  }
  return `the gradient is too long for a number; ${advice}`;
}

function checkData({ shape, data }: Tensor<"float32">, { dataDimension, likelihood }: ModelSpec) {
  if (shape.length !== 2 || shape[1] !== dataDimension || shape[0] === 0)
    throw new InputError(`train: expected data [N, ${dataDimension}], got ${describeShape(shape)}`);
  const at = firstNonFinite(data);
  const place = (i: number) => `row ${Math.floor(i / dataDimension)}, column ${i % dataDimension}`;
  if (at >= 0)
    throw new InputError(`train: data: expected finite numbers, got ${data[at]} at ${place(at)}`);
  if (likelihood !== "bernoulli") return;
  const outside = data.findIndex((x) => x < 0 || x > 1);
  if (outside >= 0)
    throw new InputError(
      `train: data: expected numbers from 0 to 1 for a Bernoulli likelihood, got ${data[outside]} at ${place(outside)}`,
    );
}
