/** @file Which plane of latent space is drawn where it has more than two dimensions. */
import type { Plane } from "pullback-core";
import { axisPlane, centre, coordinatePlane, planeThrough, principalPlane } from "pullback-core";

type Point = readonly number[];

export type PlaneChoice =
  | { readonly kind: "principal" }
  | {
      readonly kind: "axes";
      readonly axes: readonly [number, number];
      /** A point of latent space that the plane goes through; the mean of the codes by default. */
      readonly at?: Point;
    }
  | { readonly kind: "points"; readonly points: readonly [Point, Point, Point] };

/**
 * The plane of a choice among codes [n, d]. The principal plane of no codes is that of the first two
 * axes. Throws `InputError` where the choice makes no plane of that space.
 */
export function planeOf(choice: PlaneChoice, latents: Float32Array, d: number): Plane {
  if (d === 2) return axisPlane(2);
  if (choice.kind === "points") return planeThrough(...choice.points);
  if (choice.kind === "principal")
    return latents.length > 0 ? principalPlane(latents, d) : axisPlane(d);
  const [i, j] = choice.axes;
  const plane = coordinatePlane(latents.length > 0 ? latents : new Float32Array(d), d, i, j);
  const { at } = choice;
  if (!at) return plane;
  return { ...plane, origin: at.map((value, k) => (k === i || k === j ? 0 : value)) };
}

/** Whether a choice, from a link say, is one of a space of d dimensions. */
export function suits(choice: PlaneChoice, d: number): boolean {
  if (choice.kind === "principal") return true;
  if (choice.kind === "points") return choice.points.every((point) => point.length === d);
  const { axes, at } = choice;
  return axes[0] !== axes[1] && axes.every((axis) => axis < d) && (at?.length ?? d) === d;
}

/** Both ends of a path and, of the codes, the one farthest from the line through them. */
export function threePoints(
  path: readonly Point[],
  latents: Float32Array,
): readonly [Point, Point, Point] {
  const [a, b] = [path[0] as Point, path[path.length - 1] as Point];
  const d = a.length;
  const along = b.map((value, k) => value - (a[k] as number));
  const square = along.reduce((sum, value) => sum + value * value, 0);
  let [farthest, best] = [-1, 0];
  for (let row = 0; row < latents.length / d; row++) {
    let [inner, norm] = [0, 0];
    for (let k = 0; k < d; k++) {
      const off = (latents[row * d + k] as number) - (a[k] as number);
      inner += off * (along[k] as number);
      norm += off * off;
    }
    const distance = norm - (square > 0 ? (inner * inner) / square : 0);
    if (distance > best) [farthest, best] = [row, distance];
  }
  const c =
    farthest >= 0
      ? Array.from(latents.subarray(farthest * d, (farthest + 1) * d))
      : // Without codes: off the line along the axis that the line is least along.
        offAxis(a, along);
  return [a, b, c];
}

function offAxis(a: Point, along: Point): number[] {
  const least = along.reduce(
    (best, value, k) => (Math.abs(value) < Math.abs(along[best] as number) ? k : best),
    0,
  );
  return a.map((value, k) => (k === least ? value + 1 : value));
}

/** A code, or the middle of all codes, as the place where an axis-parallel plane is cut. */
export const middleOf = (latents: Float32Array, d: number): number[] =>
  latents.length > 0 ? centre(latents, d) : Array<number>(d).fill(0);
