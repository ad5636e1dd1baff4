/** @file The experiments of the paper by name, in the order of Section 4. */
import type { Experiment } from "./experiment.ts";
import { humanMotion } from "./human-motion.ts";
import { mnist } from "./mnist.ts";
import { pendulum } from "./pendulum.ts";
import { robotArm } from "./robot-arm.ts";

export const experiments: Readonly<Record<Experiment["name"], Experiment>> = {
  pendulum,
  mnist,
  "robot-arm": robotArm,
  "human-motion": humanMotion,
};
