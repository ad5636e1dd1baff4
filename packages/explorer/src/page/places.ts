/** @file Points of latent space and of the plane that is drawn. */
import type { Plane } from "pullback-core";

/** Coordinates in the plane of a point, or of its shadow on it. */
export function inPlane({ origin, axes }: Plane, point: ArrayLike<number>): [number, number] {
  const along = (axis: readonly number[]): number =>
    axis.reduce((sum, a, k) => sum + a * ((point[k] as number) - (origin[k] as number)), 0);
  return [along(axes[0] as readonly number[]), along(axes[1] as readonly number[])];
}

/** The point moved to other coordinates in the plane; what it is off the plane, it stays. */
export function ontoPlane(plane: Plane, point: readonly number[], u: number, w: number): number[] {
  const [u0, w0] = inPlane(plane, point);
  const [first, second] = plane.axes as [readonly number[], readonly number[]];
  return point.map(
    (value, k) => value + (u - u0) * (first[k] as number) + (w - w0) * (second[k] as number),
  );
}

/** A curve's point at a parameter from 0 to 1, between its nodes. */
export function pointAt(curve: Float64Array, d: number, t: number): Float64Array {
  const last = curve.length / d - 1;
  const at = Math.min(1, Math.max(0, t)) * last;
  const from = Math.min(Math.floor(at), last - 1);
  return Float64Array.from({ length: d }, (_, k) => {
    const a = curve[from * d + k] as number;
    return a + (at - from) * ((curve[(from + 1) * d + k] as number) - a);
  });
}

/** An SVG path through points [n, d], each at its pixel. */
export function lineThrough(
  points: ArrayLike<number>,
  d: number,
  pixelOf: (point: readonly number[]) => readonly [number, number],
): string {
  let line = "";
  for (let from = 0; from < points.length; from += d) {
    const [x, y] = pixelOf(Array.from({ length: d }, (_, k) => points[from + k] as number));
    line += `${from ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`;
  }
  return line;
}
