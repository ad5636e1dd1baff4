/**
 * @file An observation that is six joint angles: the arm as sticks from joint to joint, seen from its
 * front and right and a little from above, without perspective. Angles in radians.
 */
import type { FloatArray } from "../array/tensor.ts";
import { armForward, armJoints } from "./arm-kinematics.ts";

/** Of the view: turned from straight ahead to the arm's right, and raised from level. */
const [azimuth, elevation] = [-50, 20].map((degrees) => (degrees * Math.PI) / 180) as [
  number,
  number,
];

/** To the right and to the top of the picture, as directions in space. */
const right = [-Math.sin(azimuth), Math.cos(azimuth), 0];
const top = [
  -Math.cos(azimuth) * Math.sin(elevation),
  -Math.sin(azimuth) * Math.sin(elevation),
  Math.cos(elevation),
];

/** Radius of the disc that the arm stands on, in metres. */
const foot = 0.2;

/** Where things are in the picture, in pixels from its top left corner. */
export interface ArmView {
  readonly width: number;
  readonly height: number;
  /** Pixels a metre. */
  readonly scale: number;
  place(point: ArrayLike<number>): [number, number];
}

/** A view `width` wide that shows all of many poses, each [n, 6], at one scale. */
export function armView(poses: readonly FloatArray[], width: number): ArmView {
  let [x0, x1, y0, y1] = [-foot, foot, -foot * Math.sin(elevation), 0];
  for (const rows of poses)
    for (let at = 0; at < rows.length; at += armJoints.length) {
      const { points } = armForward(rows, at);
      for (let i = 0; i < points.length; i += 3) {
        const [x, y] = seen(points.subarray(i, i + 3));
        [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
      }
    }
  const margin = 4;
  const scale = (width - 2 * margin) / (x1 - x0);
  return {
    width,
    height: (y1 - y0) * scale + 2 * margin,
    scale,
    place: (point) => {
      const [x, y] = seen(point);
      return [margin + (x - x0) * scale, margin + (y1 - y) * scale];
    },
  };
}

const seen = (point: ArrayLike<number>): [number, number] => [
  inner(right, point),
  inner(top, point),
];

const inner = (a: readonly number[], b: ArrayLike<number>): number =>
  a.reduce((sum, value, k) => sum + value * (b[k] as number), 0);

/** One pose as SVG paths. */
export interface ArmPaths {
  /** From the floor to the shoulder, to the wrist, to the flange: each thinner than the last. */
  readonly links: readonly [string, string, string];
  /** Of each joint between, and of the flange. */
  readonly joints: readonly (readonly [number, number])[];
}

/** The pose q: [6]. */
export function armPaths(q: FloatArray, { place }: ArmView): ArmPaths {
  const { points } = armForward(q);
  const at = Array.from({ length: points.length / 3 }, (_, i) =>
    place(points.subarray(3 * i, 3 * i + 3)),
  );
  return {
    links: [path(at.slice(0, 3)), path(at.slice(2, 6)), path(at.slice(5))],
    joints: [2, 3, 5, 6].map((i) => at[i] as [number, number]),
  };
}

/** The way of the tool over poses [n, 6], as an SVG path. */
export function toolPath(poses: FloatArray, { place }: ArmView): string {
  return path(
    Array.from({ length: poses.length / armJoints.length }, (_, i) =>
      place(armForward(poses, i * armJoints.length).position),
    ),
  );
}

/** Middle and radii of the ellipse that the arm stands on. */
export function armFoot({ place, scale }: ArmView) {
  const [cx, cy] = place([0, 0, 0]);
  return { cx, cy, rx: foot * scale, ry: foot * scale * Math.sin(elevation) };
}

const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(2)},${y.toFixed(2)}`).join("");
