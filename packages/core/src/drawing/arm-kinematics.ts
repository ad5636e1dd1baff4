/**
 * @file Kinematics of the robot arm, a KUKA KR 5 arc: six joints, the last three of them meeting in
 * one point, the centre of the wrist. From joint angles to places, and back in closed form.
 *
 * Lengths in metres, angles in radians. Axes of the base: x ahead, y to the left, z up. With all
 * angles zero the arm is stretched out ahead. Left out: speeds, masses, collisions of the links.
 */
import type { Axis } from "./rotation.ts";
import { times, transposed, turn } from "./rotation.ts";

export interface ArmJoint {
  readonly name: string;
  /** Where the joint is, seen from the one before it, [3]. */
  readonly origin: readonly number[];
  readonly axis: Axis;
  /** Turns by `sense` times its angle, counter-clockwise about the axis. */
  readonly sense: 1 | -1;
  /** Range of the angle. */
  readonly lower: number;
  readonly upper: number;
}

const size = {
  /** Of the shoulder, above the floor and ahead of the first axis. */
  height: 0.4,
  ahead: 0.18,
  upperArm: 0.6,
  /** From elbow to wrist: up, then ahead. */
  rise: 0.12,
  forearm: 0.62,
  /** From the centre of the wrist to the flange. */
  hand: 0.115,
} as const;

const range = (lower: number, upper: number) => ({
  lower: (lower * Math.PI) / 180,
  upper: (upper * Math.PI) / 180,
});

/** From base to flange. */
export const armJoints: readonly ArmJoint[] = [
  { name: "A1", origin: [0, 0, size.height], axis: "z", sense: -1, ...range(-155, 155) },
  { name: "A2", origin: [size.ahead, 0, 0], axis: "y", sense: 1, ...range(-180, 65) },
  { name: "A3", origin: [size.upperArm, 0, 0], axis: "y", sense: 1, ...range(-15, 158) },
  { name: "A4", origin: [0, 0, size.rise], axis: "x", sense: -1, ...range(-350, 350) },
  { name: "A5", origin: [size.forearm, 0, 0], axis: "y", sense: 1, ...range(-130, 130) },
  { name: "A6", origin: [size.hand, 0, 0], axis: "x", sense: -1, ...range(-350, 350) },
];

/** Where the flange is and how it is turned. */
export interface ToolPose {
  /** [3] */
  readonly position: Float64Array;
  /** [3, 3], row-major; the first column is the axis of the tool. */
  readonly rotation: Float64Array;
}

export interface ArmPlaces extends ToolPose {
  /** The base, then each joint, [7, 3]; the last is the flange. */
  readonly points: Float64Array;
}

/** Where everything is at the angles q: [6], which may lie in a longer array from `at` on. */
export function armForward(q: ArrayLike<number>, at = 0): ArmPlaces {
  const points = new Float64Array(3 * (armJoints.length + 1));
  let rotation = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  armJoints.forEach(({ origin, axis, sense }, i) => {
    const step = times(rotation, origin);
    for (let k = 0; k < 3; k++)
      points[3 * i + 3 + k] = (points[3 * i + k] as number) + (step[k] as number);
    rotation = times(rotation, turn(axis, sense * (q[at + i] as number)));
  });
  return { points, position: points.slice(-3), rotation };
}

/** Which of the up to eight postures that bring the tool to one place. */
export interface ArmBranch {
  /** Whether the base faces the wrist or has turned its back on it. */
  readonly shoulder: "front" | "back";
  /** On which side of the line from shoulder to wrist the elbow is; `up` with A3 above 10.95°. */
  readonly elbow: "up" | "down";
  /** Sign of A5. */
  readonly wrist: "positive" | "negative";
}

const reach = Math.hypot(size.forearm, size.rise);
/** How far the line from elbow to wrist is raised above the forearm's own axis. */
const raised = Math.atan2(size.rise, size.forearm);

/**
 * Joint angles [6] that bring the tool to a pose, in the posture of the branch; null where the wrist
 * would be out of reach. Angles are in [-pi, pi]; whether the joints allow them is another question.
 * Where A5 is 0, A4 and A6 turn about one line and only their sum is known: A4 is given as 0. So is A1
 * where the wrist is on its axis.
 */
export function armInverse(
  { position, rotation }: ToolPose,
  { shoulder, elbow, wrist }: ArmBranch,
): Float64Array | null {
  const tool = times(rotation, [1, 0, 0]);
  const wristAt = (k: 0 | 1 | 2): number =>
    (position[k] as number) - size.hand * (tool[k] as number);
  const [x, y, z] = [wristAt(0), wristAt(1), wristAt(2)];
  const back = shoulder === "back";
  // Turned back, the base points away from the wrist.
  const q1 = -(back ? Math.atan2(-y, -x) : Math.atan2(y, x));

  // The triangle of upper arm and forearm in the upright plane of the first axis.
  const r = (back ? -1 : 1) * Math.hypot(x, y) - size.ahead;
  const h = z - size.height;
  const cosine = (r * r + h * h - size.upperArm ** 2 - reach ** 2) / (2 * size.upperArm * reach);
  // Stretched out, the cosine may round to more than 1.
  if (!(Math.abs(cosine) <= 1 + 1e-12)) return null;
  const bend = Math.acos(Math.min(1, Math.max(-1, cosine))) * (elbow === "up" ? 1 : -1);
  const lifted = Math.atan2(reach * Math.sin(bend), size.upperArm + reach * Math.cos(bend));
  const q2 = -(Math.atan2(h, r) + lifted);
  const q3 = bend + raised;

  // What is left for the wrist: Rx(-q4) Ry(q5) Rx(-q6).
  const arm = times(turn("z", -q1), turn("y", q2 + q3));
  const hand = times(transposed(arm), rotation);
  const [a, b, c] = times(hand, [1, 0, 0]) as unknown as readonly [number, number, number];
  const sign = wrist === "positive" ? 1 : -1;
  const q5 = sign * Math.atan2(Math.hypot(b, c), a);
  const stretched = Math.hypot(b, c) < 1e-13;
  const q4 = stretched ? 0 : Math.atan2(-sign * b, -sign * c);
  const rest = times(times(turn("y", -q5), turn("x", q4)), hand);
  const q6 = Math.atan2(rest[5] as number, rest[4] as number);
  return Float64Array.of(q1, q2, q3, q4, q5, q6).map(withinHalfATurn);
}

const withinHalfATurn = (angle: number): number =>
  Math.abs(angle) <= Math.PI ? angle : angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));

/** The branch that a posture belongs to, so that `armInverse` finds it again. */
export function armBranch(q: ArrayLike<number>): ArmBranch {
  const upper = -(q[1] as number);
  const forearm = upper - (q[2] as number) + raised;
  const ahead = size.ahead + size.upperArm * Math.cos(upper) + reach * Math.cos(forearm);
  return {
    shoulder: ahead >= 0 ? "front" : "back",
    elbow: (q[2] as number) >= raised ? "up" : "down",
    wrist: (q[4] as number) >= 0 ? "positive" : "negative",
  };
}
