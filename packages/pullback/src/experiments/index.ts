/** @file The experiments of the paper by name. */
import type { Experiment } from "./experiment.ts";
import { mnist } from "./mnist.ts";
import { pendulum } from "./pendulum.ts";

export const experiments: Readonly<Record<string, Experiment>> = { pendulum, mnist };
