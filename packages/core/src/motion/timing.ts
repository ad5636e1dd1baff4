/**
 * @file When a motion is where: the path is given, the time along it is chosen.
 *
 * A path is a polyline x_0 … x_N in data space, fine enough that its corners do not matter.
 */

/** Rows [n, D] of a path in order. */
export interface Path {
  readonly rows: Float64Array;
  readonly D: number;
}

/**
 * Times of the rows, [n], at which the path is passed at constant speed, from 0 to 1. `chords` are
 * the lengths between the rows, in whatever ruler; a path without length gets equal steps.
 */
export function atConstantSpeed(chords: Float64Array): Float64Array {
  const times = cumulated(chords);
  const total = times.at(-1) as number;
  return times.map((time, i) => (total > 0 ? time / total : i / chords.length));
}

/**
 * Times of the rows, [n], at which the path is passed as fast as greatest joint velocities allow.
 *
 * Along a given path x(s) the joints hold |x_k'(s)| ds/dt <= v_k, so ds/dt = min_k v_k / |x_k'(s)|:
 * at each moment one joint moves as fast as it may, and a segment takes max_k |dx_k| / v_k. That is
 * the least time there is when only velocities are limited (time scaling along a given path, as
 * Bobrow, Dubowsky and Gibson 1985 do for torques). Accelerations are not: the motion starts and
 * stops at full speed.
 */
export function atVelocityLimits({ rows, D }: Path, velocity: Float64Array): Float64Array {
  const durations = new Float64Array(rows.length / D - 1);
  for (let i = 0; i < durations.length; i++)
    for (let k = 0; k < D; k++) {
      const step = Math.abs((rows[(i + 1) * D + k] as number) - (rows[i * D + k] as number));
      durations[i] = Math.max(durations[i] as number, step / (velocity[k] as number));
    }
  return cumulated(durations);
}

/** From 0 on. */
function cumulated(steps: Float64Array): Float64Array {
  const sums = new Float64Array(steps.length + 1);
  for (let i = 0; i < steps.length; i++) sums[i + 1] = (sums[i] as number) + (steps[i] as number);
  return sums;
}

export interface TimedPath extends Path {
  /** [n], never falling. */
  readonly times: Float64Array;
}

/**
 * `count` rows at equal steps of time, both ends included, straight between the given ones: no joint
 * moves faster from row to row than it does on the way between them.
 */
export function atEqualTimes({ rows, D, times }: TimedPath, count: number): TimedPath {
  const last = times.length - 1;
  const end = times[last] as number;
  const result = new Float64Array(count * D);
  const steps = Float64Array.from({ length: count }, (_, i) => (end * i) / (count - 1));
  let segment = 0;
  steps.forEach((time, i) => {
    while (segment < last - 1 && (times[segment + 1] as number) < time) segment++;
    const [before, after] = [times[segment] as number, times[segment + 1] as number];
    // Where nothing moves, no time passes.
    const share = after > before ? Math.min(1, (time - before) / (after - before)) : 0;
    for (let k = 0; k < D; k++) {
      const [a, b] = [rows[segment * D + k] as number, rows[(segment + 1) * D + k] as number];
      result[i * D + k] = a + share * (b - a);
    }
  });
  result.set(rows.subarray(last * D), (count - 1) * D);
  return { rows: result, D, times: steps };
}
