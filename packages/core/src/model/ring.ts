/**
 * @file Do the latent codes of data with one angle lie on one ring?
 *
 * The codes are averaged over equal bins of the angle; the averages are walked around once and
 * seen from their centre. A ring is passed once (winding number +-1) and always in one direction.
 */
import { InputError } from "../array/errors.ts";
import type { Tensor } from "../array/tensor.ts";
import { describeShape } from "../graph/value.ts";

export interface Ring {
  /** Signed number of turns around the centre. */
  readonly winding: number;
  /** Share of the steps from bin to bin that go in the direction of the majority. */
  readonly monotone: number;
  readonly bins: number;
}

/** Turns a difference of angles into [-pi, pi). */
const wrap = (angle: number): number =>
  angle - 2 * Math.PI * Math.floor(angle / (2 * Math.PI) + 0.5);

/**
 * Winding and direction of latents [n, 2] over values of the given period.
 * Bins without a code are passed over. Throws `InputError` when fewer than three are filled.
 */
export function ring(
  latents: Tensor<"float32">,
  values: ArrayLike<number>,
  period = 360,
  bins = 72,
): Ring {
  const [n, d] = latents.shape;
  if (latents.shape.length !== 2 || d !== 2 || n !== values.length)
    throw new InputError(
      `ring: expected latents [${values.length}, 2] for ${values.length} values, got ${describeShape(latents.shape)}`,
    );
  const sums = Array.from({ length: bins }, () => ({ x: 0, y: 0, count: 0 }));
  for (let i = 0; i < values.length; i++) {
    const turns = (values[i] as number) / period;
    const bin = Math.floor((turns - Math.floor(turns)) * bins) % bins;
    const sum = sums[bin] as { x: number; y: number; count: number };
    sum.x += latents.data[2 * i] as number;
    sum.y += latents.data[2 * i + 1] as number;
    sum.count += 1;
  }
  const points = sums
    .filter(({ count }) => count > 0)
    .map(({ x, y, count }) => [x / count, y / count]);
  if (points.length < 3)
    throw new InputError(
      `ring: expected values in at least 3 of ${bins} bins, got ${points.length}`,
    );
  const mean = (axis: number): number =>
    points.reduce((sum, point) => sum + (point[axis] as number), 0) / points.length;
  const centre = [mean(0), mean(1)] as const;
  const angles = points.map(([x, y]) =>
    Math.atan2((y as number) - centre[1], (x as number) - centre[0]),
  );
  const steps = angles.map((angle, i) => wrap((angles[(i + 1) % angles.length] as number) - angle));
  const forward = steps.filter((step) => step > 0).length;
  const backward = steps.filter((step) => step < 0).length;
  return {
    // Not the -0 of a rounded negative.
    winding: Math.round(steps.reduce((sum, step) => sum + step, 0) / (2 * Math.PI)) || 0,
    monotone: Math.max(forward, backward) / steps.length,
    bins: points.length,
  };
}
