/** @file Points around a circle in the latent plane (Fig. 13 of the paper). */
import { InputError } from "../array/errors.ts";

export interface Circle {
  /** The origin by default. */
  readonly centre?: readonly [number, number];
  readonly radius: number;
  /** Degrees from one point to the next; 40 by default, as in the paper. */
  readonly step?: number;
}

export interface CirclePoint {
  /** Counterclockwise from straight up, [0, 360). */
  readonly degrees: number;
  readonly point: readonly [number, number];
}

/** Once around, from straight up counterclockwise. */
export function pointsOnCircle({ centre = [0, 0], radius, step = 40 }: Circle): CirclePoint[] {
  if (!(radius > 0) || !(step > 0))
    throw new InputError(`circle: expected radius and step above 0, got ${radius} and ${step}`);
  // A step that divides the circle must not come round to its first point by rounding.
  return Array.from({ length: Math.ceil(360 / step - 1e-9) }, (_, i) => {
    const radians = (i * step * Math.PI) / 180;
    return {
      degrees: i * step,
      point: [centre[0] - radius * Math.sin(radians), centre[1] + radius * Math.cos(radians)],
    };
  });
}
