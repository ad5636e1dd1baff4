/**
 * @file The paper's robot arm (Section 4.5): joint angles of an arm whose tool goes once around a
 * circle of 0.4 m radius, 6284 steps of 0.001 rad, with Gaussian noise on the angles.
 */
import type { Random, Scaling, Tensor } from "pullback-core";
import { armJoints, poseOnCircle, random, zeros } from "pullback-core";
import type { Dataset, DatasetOptions } from "./dataset.ts";

const training = 6284;
const trainingStep = 0.001;
const heldOut = 150;
/** Standard deviation of the noise of a joint angle, in radians. */
export const armNoise = 0.03;

/**
 * Every joint's angles moved so that the smallest on the circle becomes ten times the noise, since
 * the decoder's mean is a softplus and positive; not stretched, so that lengths stay radians and
 * the noise is the same in every joint, as the one variance of the likelihood has it.
 */
function scalingOf(poses: readonly Float64Array[]): Scaling {
  return {
    offset: armJoints.map((_, k) => Math.min(...poses.map((q) => q[k] as number)) - 10 * armNoise),
    scale: armJoints.map(() => 1),
  };
}

/**
 * 6284 poses, and 150 others once around the circle. Those have noise too: their likelihood is to
 * be that of what the model was shown.
 */
export async function robotArm({ seed = 1 }: DatasetOptions = {}): Promise<Dataset> {
  const main = around(training, trainingStep);
  const other = around(heldOut, (2 * Math.PI) / heldOut);
  const scaling = scalingOf(main.poses);
  const { poses: observations, phases: values } = main;
  return {
    name: "robot-arm",
    observations: noisy(observations, scaling, random(seed, "robot-arm", "training")),
    heldOut: noisy(other.poses, scaling, random(seed, "robot-arm", "held out")),
    observationShape: [armJoints.length],
    drawing: { kind: "arm" },
    likelihood: "gaussian",
    values,
    heldOutValues: other.phases,
    value: { name: "phase", unit: "°", period: 360 },
    scaling,
  };
}

/** Poses without noise, and the phase of each in degrees. */
function around(count: number, step: number) {
  const phases = zeros("float32", [count]);
  const poses = Array.from({ length: count }, (_, i) => {
    phases.data[i] = (i * step * 180) / Math.PI;
    return poseOnCircle(i * step);
  });
  return { poses, phases };
}

function noisy(
  poses: readonly Float64Array[],
  { offset }: Scaling,
  { normal }: Random,
): Tensor<"float32"> {
  const joints = armJoints.length;
  const rows = zeros("float32", [poses.length, joints]);
  poses.forEach((q, i) => {
    for (let k = 0; k < joints; k++)
      rows.data[i * joints + k] = (q[k] as number) + armNoise * normal() - (offset[k] as number);
  });
  return rows;
}
