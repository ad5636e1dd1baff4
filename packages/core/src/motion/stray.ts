/** @file How far a motion strays from what was demonstrated: the data, as the decoder shows them. */
import { distance } from "../array/linear.ts";
import { armForward, armJoints } from "../drawing/arm-kinematics.ts";
import { nearest } from "../neighbourhood/nearest.ts";

/** Of all rows [n, D], the greatest distance to the nearest of the demonstrations [m, D]. */
export function greatestStray(rows: Float64Array, demonstrations: Float64Array, D: number): number {
  const found = nearest(demonstrations, D, 1, { queries: rows });
  return found.reduce(
    (greatest, row, i) => Math.max(greatest, distance(rows, i * D, demonstrations, row * D, D)),
    0,
  );
}

/** Where the tool of the robot arm is at poses [n, 6] in radians: [n, 3], in metres. */
export function toolPlaces(poses: Float64Array): Float64Array {
  const joints = armJoints.length;
  const places = new Float64Array((poses.length / joints) * 3);
  for (let i = 0; i < poses.length / joints; i++)
    places.set(armForward(poses, i * joints).position, 3 * i);
  return places;
}
