/**
 * @file The circle that the robot arm was shown (Section 4.5), and how well motions keep to it.
 *
 * The paper says of it: radius 0.4 m, joint angles by inverse kinematics. Where it lies and how the
 * tool is held are chosen here so that all six joints move, far from their limits and from postures
 * in which two axes fall into one line. A pose is six joint angles in radians.
 */
import { InputError } from "../array/errors.ts";
import { armForward, armInverse, armJoints } from "../drawing/arm-kinematics.ts";
import { times, turn } from "../drawing/rotation.ts";

/** In metres, seen from the base of the arm. */
const circle = { centre: [0.6, 0, 1.1], radius: 0.4 } as const;

/** Columns: the normal of the circle's plane, then its axes x_c, to the left, and y_c, up. */
const plane = turn("y", -0.5);

/** How the tool is turned in all poses on the circle: out of the normal of its plane. */
const grip = times(plane, times(turn("z", 0.6), turn("y", -0.3)));

/** Joint angles [6] whose tool is on the circle: at the phase 0 on the left, after pi / 2 on top. */
export function poseOnCircle(phase: number): Float64Array {
  const { centre, radius } = circle;
  const step = times(plane, [0, radius * Math.cos(phase), radius * Math.sin(phase)]);
  const position = step.map((value, k) => value + (centre[k] as number));
  const pose = { position, rotation: grip };
  // The circle lies in reach of this branch all the way round.
  return armInverse(pose, {
    shoulder: "front",
    elbow: "up",
    wrist: "negative",
  }) as Float64Array;
}

/**
 * Where the tool is at poses [n, 6], seen from the circle: [n, 3], each row x_c, y_c and the
 * distance from the plane, in metres.
 */
export function toolFromCircle(poses: ArrayLike<number>): Float64Array {
  const n = countPoses(poses);
  const seen = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) {
    const { position } = armForward(poses, i * armJoints.length);
    const step = position.map((value, k) => value - (circle.centre[k] as number));
    for (let axis = 0; axis < 3; axis++) {
      let along = 0;
      for (let k = 0; k < 3; k++) along += (plane[3 * k + axis] as number) * (step[k] as number);
      // The normal comes first in the plane's matrix and last here.
      seen[3 * i + ((axis + 2) % 3)] = along;
    }
  }
  return seen;
}

/** Greatest distance of the tool from the circle over poses [n, 6], in metres. */
export function strayFromCircle(poses: ArrayLike<number>): number {
  const seen = toolFromCircle(poses);
  let greatest = 0;
  for (let i = 0; i < seen.length; i += 3) {
    const apart = Math.hypot(seen[i] as number, seen[i + 1] as number) - circle.radius;
    greatest = Math.max(greatest, Math.hypot(apart, seen[i + 2] as number));
  }
  return greatest;
}

function countPoses({ length }: ArrayLike<number>): number {
  const joints = armJoints.length;
  if (length === 0 || length % joints !== 0)
    throw new InputError(`end effector: expected poses of ${joints} angles, got ${length} numbers`);
  return length / joints;
}
