/** @file Datasets by their name. */
import { InputError } from "pullback-core";
import type { Dataset, DatasetOptions } from "./dataset.ts";
import { humanMotion } from "./human-motion.ts";
import { images } from "./images.ts";
import { mnist } from "./mnist.ts";
import { pendulum } from "./pendulum.ts";
import { robotArm } from "./robot-arm.ts";
import { table } from "./table.ts";

export type { Dataset, DatasetOptions } from "./dataset.ts";
export type { MotionFrames } from "./human-motion.ts";
export { motionFrames, motionNoise } from "./human-motion.ts";
export { pendulumImage, pendulumNoise } from "./pendulum.ts";
export { armNoise } from "./robot-arm.ts";

const loaders = {
  pendulum,
  mnist,
  "robot-arm": robotArm,
  "human-motion": humanMotion,
  table,
  images,
};

export type DatasetName = keyof typeof loaders;

export const datasetNames = Object.keys(loaders) as DatasetName[];

/** Loads or draws the dataset `name`. Throws `InputError` for a name that is none. */
export function loadDataset(name: string, options: DatasetOptions = {}): Promise<Dataset> {
  if (!Object.hasOwn(loaders, name))
    throw new InputError(`dataset: expected one of ${datasetNames.join(", ")}, got ${name}`);
  return loaders[name as DatasetName](options);
}
