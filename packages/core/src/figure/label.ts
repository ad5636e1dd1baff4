/** @file Where a name may stand in a picture. */
import type { FloatArray } from "../array/tensor.ts";

/** Coordinate-wise median of some of the points [n, 2]. */
export function medianPoint(members: readonly number[], points: FloatArray): [number, number] {
  const middle = (axis: 0 | 1): number => {
    const sorted = members.map((i) => points[2 * i + axis] as number).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] as number;
  };
  return [middle(0), middle(1)];
}

export interface LabelPlace {
  readonly x: number;
  readonly y: number;
  /** Offset in pixels. */
  readonly dx: number;
  readonly dy: number;
  readonly anchor: "start" | "middle" | "end";
}

/**
 * A place beside a curve: at its point farthest from the other curves, on the side turned away
 * from them. With no others, beside its middle.
 */
export function awayFrom(
  curve: readonly (readonly number[])[],
  others: readonly (readonly number[])[],
  [x0, x1, y0, y1]: readonly [number, number, number, number],
): LabelPlace {
  const inner = curve.slice(Math.floor(curve.length / 5), Math.ceil((4 * curve.length) / 5));
  let [best, nearest, gap] = [inner[inner.length >> 1] ?? [0, 0], [x0, y0], -1];
  for (const point of others.length ? inner : []) {
    let [closest, least] = [point, Infinity];
    for (const other of others) {
      const distance = Math.hypot(at(point, 0) - at(other, 0), at(point, 1) - at(other, 1));
      if (distance < least) [closest, least] = [other, distance];
    }
    if (least > gap) [best, nearest, gap] = [point, [...closest], least];
  }
  const [x, y] = [at(best, 0), at(best, 1)];
  const away = [x - at(nearest, 0), y - at(nearest, 1)];
  const norm = Math.hypot(at(away, 0), at(away, 1)) || 1;
  const [ux, uy] = [at(away, 0) / norm, at(away, 1) / norm];
  // Near the frame a name grows inwards, whatever the curves do.
  const share = (x - x0) / (x1 - x0);
  const anchor =
    share > 0.7 ? "end" : share < 0.3 ? "start" : ux > 0.4 ? "start" : ux < -0.4 ? "end" : "middle";
  const high = (y - y0) / (y1 - y0);
  const up = high > 0.93 ? -1 : high < 0.07 ? 1 : Math.abs(uy) < 0.15 ? 1 : Math.sign(uy);
  return { x, y, dx: 10 * ux, dy: -up * 18, anchor };
}

const at = (point: readonly number[], axis: number): number => point[axis] as number;
