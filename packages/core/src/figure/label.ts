/** @file Where a name may stand in a picture. All places in pixels. */
import type { FloatArray } from "../array/tensor.ts";

/** Coordinate-wise median of some of the points [n, 2]. */
export function medianPoint(members: readonly number[], points: FloatArray): [number, number] {
  const middle = (axis: 0 | 1): number => {
    const sorted = members.map((i) => points[2 * i + axis] as number).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] as number;
  };
  return [middle(0), middle(1)];
}

export type Pixel = readonly [number, number];

export interface LabelRequest {
  /** Size of the name, with a little room around it. */
  readonly width: number;
  readonly height: number;
  /** The curve that is named. */
  readonly curve: readonly Pixel[];
  /** What the name should not cover, each with how bad that is. */
  readonly avoid: readonly { readonly at: Pixel; readonly weight: number }[];
  readonly frame: {
    readonly x0: number;
    readonly y0: number;
    readonly x1: number;
    readonly y1: number;
  };
}

/**
 * Middle of a name beside its curve: of places on both sides of the curve, the one that covers
 * least; of equal ones the nearest to the middle of the curve.
 */
export function placeLabel(request: LabelRequest): Pixel {
  const { width, height, curve, avoid, frame } = request;
  let [best, least] = [curve[0] as Pixel, Infinity];
  for (let step = 1; step < 16; step++) {
    const i = Math.round((step / 16) * (curve.length - 1));
    const [x, y] = curve[i] as Pixel;
    for (let place = 0; place < 16; place++) {
      const gap = place < 8 ? 8 : 24;
      const angle = ((place % 8) * Math.PI) / 4;
      const at: Pixel = [
        x + Math.cos(angle) * (width / 2 + gap),
        y + Math.sin(angle) * (height / 2 + gap),
      ];
      const covered = (point: Pixel): boolean =>
        Math.abs(point[0] - at[0]) < width / 2 && Math.abs(point[1] - at[1]) < height / 2;
      const outside =
        Math.max(0, frame.x0 - at[0] + width / 2) +
        Math.max(0, at[0] + width / 2 - frame.x1) +
        Math.max(0, frame.y0 - at[1] + height / 2) +
        Math.max(0, at[1] + height / 2 - frame.y1);
      const cost =
        avoid.reduce((sum, { at: point, weight }) => sum + (covered(point) ? weight : 0), 0) +
        curve.filter(covered).length * 2 +
        outside +
        (gap > 8 ? 3 : 0) +
        Math.abs(step - 8) / 100;
      if (cost < least) [best, least] = [at, cost];
    }
  }
  return best;
}
