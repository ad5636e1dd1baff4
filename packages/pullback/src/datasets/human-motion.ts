/**
 * @file Human motion (Section 4.6): a person walking, subject 35 of the CMU Graphics Lab Motion
 * Capture Database, trials 1 to 16.
 *
 * A pose is the angles of all joints. Where the person is and looks, the root's six channels, is
 * left out, and so are channels that never move in any trial (six of subject 35: both clavicles,
 * both fingers). That makes the 50 of the paper's 62, whose source does not say which they are.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AcclaimSkeleton, Drawing, MotionChannel, Scaling, Tensor } from "pullback-core";
import {
  InputError,
  motionChannels,
  random,
  readAmc,
  readAsf,
  skeletonBones,
  zeros,
} from "pullback-core";
import { readBytes } from "../files/read.ts";
import { naming } from "../files/reason.ts";
import type { Dataset, DatasetOptions } from "./dataset.ts";
import { gaitPhase } from "./gait-phase.ts";

const skeletonFile = "35.asf";
const trialFiles = Array.from({ length: 16 }, (_, i) => `35_${String(i + 1).padStart(2, "0")}.amc`);

/** Standard deviation of the noise, on the scale of training. */
export const motionNoise = 0.03;
/** Noisy copies of each frame: the paper's four times the size. */
const copies = 4;
const heldOutRows = 1000;

/** Each column spans this: positive, as the decoder's mean (softplus), with room for the noise. */
const span = { low: 0.1, high: 0.9 } as const;

/** The database writes lengths in inches, times 0.45. */
const metres = 0.0254 / 0.45;

/** Every frame as it was recorded, on the scale of training. */
export interface MotionFrames {
  /** [frames, D], trial after trial, without noise. */
  readonly frames: Tensor<"float64">;
  /** From the units of training back to degrees. */
  readonly scaling: Scaling;
  readonly drawing: Drawing;
  /** Gait phase of each frame in degrees, for a skeleton with thighs. */
  readonly phases: Float64Array | null;
}

/** Reads the folder. Throws `InputError` where files lack, with where to get them. */
export async function motionFrames(folder: string | undefined): Promise<MotionFrames> {
  const { skeleton, trials } = await readFolder(folder);
  const channels = motionChannels(skeleton);
  const rows = trials.flatMap(rowsOf);
  const columns = channels.map((_, column) => summary(rows, column));
  const moving = channels.flatMap(({ bone }, column) =>
    bone !== "root" && isMoving(columns[column] as Summary) ? [column] : [],
  );
  if (moving.length === 0)
    throw new InputError(`human-motion: ${folder}: expected joints that move, found none`);
  const scaling = scalingOf(moving.map((column) => columns[column] as Summary));
  return {
    frames: scaled(rows, moving, scaling),
    scaling,
    drawing: drawingOf(skeleton, channels, { columns, moving }),
    phases: phasesOf(trials, channels),
  };
}

/**
 * Four noisy copies of all 6616 frames, copy after copy, and 1000 frames with other noise as held
 * out: the paper trains on every frame, so what is held out tells of the fit and the noise, not of
 * how another walk would do.
 */
export async function humanMotion({ data, seed = 1 }: DatasetOptions = {}): Promise<Dataset> {
  const { frames, scaling, drawing, phases } = await motionFrames(data);
  const [n, width] = frames.shape as [number, number];
  const training = Uint32Array.from({ length: copies * n }, (_, i) => i % n);
  const order = random(seed, "human-motion", "frames").permutation(n);
  const heldOut = order.subarray(0, heldOutRows);
  return {
    name: "human-motion",
    observations: noisy(frames, training, seed, "training"),
    heldOut: noisy(frames, heldOut, seed, "held out"),
    observationShape: [width],
    drawing,
    likelihood: "gaussian",
    clean: frames,
    scaling,
    ...(phases && {
      values: chosen(phases, training),
      heldOutValues: chosen(phases, heldOut),
      value: { name: "gait phase", unit: "°", period: 360 },
    }),
  };
}

/** [frames, channels], one for each trial. */
async function readFolder(
  folder: string | undefined,
): Promise<{ readonly skeleton: AcclaimSkeleton; readonly trials: readonly Tensor<"float64">[] }> {
  const expected = `${skeletonFile} and ${trialFiles[0]} to ${trialFiles.at(-1)}, or their .gz`;
  const source =
    "they are subject 35 of the CMU Graphics Lab Motion Capture Database, mocap.cs.cmu.edu";
  if (folder === undefined)
    throw new InputError(
      `human-motion: expected --data with a folder of ${expected}, got nothing; ${source}`,
    );
  const pathOf = (name: string): string | undefined =>
    [name, `${name}.gz`].map((file) => join(folder, file)).find(existsSync);
  const [lacking, ...others] = [skeletonFile, ...trialFiles].filter((name) => !pathOf(name));
  if (lacking !== undefined)
    throw new InputError(
      `human-motion: expected ${expected} in ${folder}, found no ${lacking}${others.length > 0 ? ` and ${others.length} more are missing` : ""}; ${source}`,
    );
  const read = async <T>(name: string, reader: (text: string) => T): Promise<T> => {
    const path = pathOf(name) as string;
    const bytes = await readBytes(path);
    return naming(path, () => reader(new TextDecoder().decode(bytes)));
  };
  const skeleton = await read(skeletonFile, readAsf);
  const trials: Tensor<"float64">[] = [];
  for (const name of trialFiles) trials.push(await read(name, (text) => readAmc(text, skeleton)));
  return { skeleton, trials };
}

function rowsOf({ data, shape }: Tensor<"float64">): Float64Array[] {
  const [n, width] = shape as [number, number];
  return Array.from({ length: n }, (_, i) => data.subarray(i * width, (i + 1) * width));
}

interface Summary {
  readonly low: number;
  readonly high: number;
  readonly mean: number;
}

function summary(rows: readonly Float64Array[], column: number): Summary {
  let [low, high, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const row of rows) {
    const value = row[column] as number;
    low = Math.min(low, value);
    high = Math.max(high, value);
    sum += value;
  }
  return { low, high, mean: sum / rows.length };
}

/** What stays within a millionth of a degree is rounding, not motion. */
const isMoving = ({ low, high }: Summary): boolean => high - low > 1e-6;

function scalingOf(columns: readonly Summary[]): Scaling {
  const scale = columns.map(({ low, high }) => (high - low) / (span.high - span.low));
  return { offset: columns.map(({ low }, i) => low - span.low * (scale[i] as number)), scale };
}

/** [frames, columns] without noise. */
function scaled(
  frames: readonly Float64Array[],
  columns: readonly number[],
  { offset, scale }: Scaling,
): Tensor<"float64"> {
  const result = zeros("float64", [frames.length, columns.length]);
  frames.forEach((frame, i) => {
    columns.forEach((column, k) => {
      result.data[i * columns.length + k] =
        ((frame[column] as number) - (offset[k] as number)) / (scale[k] as number);
    });
  });
  return result;
}

/** Rows of `clean`, each with noise of its own. */
function noisy(
  clean: Tensor<"float64">,
  rows: Uint32Array,
  seed: number,
  stream: string,
): Tensor<"float32"> {
  const { normal } = random(seed, "human-motion", stream);
  const width = clean.shape[1] as number;
  const result = zeros("float32", [rows.length, width]);
  rows.forEach((row, i) => {
    for (let k = 0; k < width; k++)
      result.data[i * width + k] = (clean.data[row * width + k] as number) + motionNoise * normal();
  });
  return result;
}

function chosen(values: Float64Array, rows: Uint32Array): Tensor<"float32"> {
  const data = Float32Array.from(rows, (row) => values[row] as number);
  return { type: "float32", shape: [rows.length], data };
}

/**
 * Of all frames, trial after trial, from the thighs: 0 where the right leg is furthest ahead of the
 * left, since a thigh that turns about x goes back. Null for a skeleton without them.
 */
function phasesOf(
  trials: readonly Tensor<"float64">[],
  channels: readonly MotionChannel[],
): Float64Array | null {
  const [left, right] = ["lfemur", "rfemur"].map((thigh) =>
    channels.findIndex(({ bone, channel }) => bone === thigh && channel === "rx"),
  ) as [number, number];
  if (left < 0 || right < 0) return null;
  const angle = (frame: Float64Array): number => (frame[left] as number) - (frame[right] as number);
  return gaitPhase(trials.map((trial) => Float64Array.from(rowsOf(trial), angle)));
}

/** Channels that are left out stand at their mean. */
function drawingOf(
  skeleton: AcclaimSkeleton,
  channels: readonly MotionChannel[],
  { columns, moving }: { readonly columns: readonly Summary[]; readonly moving: readonly number[] },
): Drawing {
  const source = ({ bone, channel }: MotionChannel) => {
    const at = channels.findIndex((other) => other.bone === bone && other.channel === channel);
    const column = moving.indexOf(at);
    return column >= 0 ? { column } : { degrees: (columns[at] as Summary).mean };
  };
  return { kind: "skeleton", bones: skeletonBones(skeleton, { metres, source }) };
}
