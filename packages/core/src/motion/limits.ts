/** @file Where a motion leaves the limits of its joints. */
import { armJoints } from "../drawing/arm-kinematics.ts";
import type { Limits } from "../format/limits.ts";
import type { TimedPath } from "./timing.ts";

/** One joint beyond one of its limits. */
export interface Violation {
  readonly joint: string;
  readonly bound: "lower" | "upper";
  readonly limit: number;
  /** Farthest beyond, and when. */
  readonly value: number;
  readonly time: number;
  /** When it is beyond first and last. */
  readonly from: number;
  readonly to: number;
}

/** Joints in order; lower before upper. */
export function violations({ rows, D, times }: TimedPath, limits: Limits): Violation[] {
  const found: Violation[] = [];
  for (let k = 0; k < D; k++)
    for (const bound of ["lower", "upper"] as const) {
      const limit = limits[bound][k] as number;
      const excess = (i: number): number =>
        (bound === "upper" ? 1 : -1) * ((rows[i * D + k] as number) - limit);
      const beyond = Array.from(times.keys()).filter((i) => excess(i) > 0);
      if (beyond.length === 0) continue;
      const worst = beyond.reduce((a, b) => (excess(b) > excess(a) ? b : a));
      found.push({
        joint: limits.names[k] as string,
        bound,
        limit,
        value: rows[worst * D + k] as number,
        time: times[worst] as number,
        from: times[beyond[0] as number] as number,
        to: times[beyond.at(-1) as number] as number,
      });
    }
  return found;
}

/** Ranges of the robot arm's own joints; its data sheet's velocities are left out. */
export function armLimits(): Limits {
  return {
    names: armJoints.map(({ name }) => name),
    lower: Float64Array.from(armJoints, ({ lower }) => lower),
    upper: Float64Array.from(armJoints, ({ upper }) => upper),
  };
}
