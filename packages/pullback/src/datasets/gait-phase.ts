/**
 * @file Where in its cycle a walk is, from one angle that swings: that between the thighs.
 *
 * The angle and its velocity, each less its mean and over its spread, go round the origin once in a
 * cycle (two steps); their direction is the phase. It needs no model, and it grows with time but
 * for tremors at the turning points.
 */

/** Frames to each side of the difference that is the velocity: 0.1 s in all at 120 a second. */
const reach = 6;

/**
 * Phases in degrees, [0, 360), of all trials one after another; 0 where the angle is greatest.
 * `trials` are the angles of each in the order of time, at least two frames in each.
 */
export function gaitPhase(trials: readonly Float64Array[]): Float64Array {
  const angles = standardised(trials.flatMap((angle) => [...angle]));
  const speeds = standardised(trials.flatMap(velocity));
  return Float64Array.from(angles, (angle, i) => {
    const degrees = (Math.atan2(-(speeds[i] as number), angle) * 180) / Math.PI;
    // Not 360, which a negative of the last digit would round to.
    return (degrees + 360) % 360;
  });
}

/** Central differences; at the ends over what there is. */
function velocity(angle: Float64Array): number[] {
  const last = angle.length - 1;
  return Array.from(angle, (_, i) => {
    const [before, after] = [Math.max(0, i - reach), Math.min(last, i + reach)];
    return ((angle[after] as number) - (angle[before] as number)) / (after - before);
  });
}

function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const spread = Math.sqrt(squares / values.length) || 1;
  return values.map((value) => (value - mean) / spread);
}
