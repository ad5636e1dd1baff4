/** @file An observation that is a row of numbers: drawn as a small line over its columns. */
import type { FloatArray } from "../array/tensor.ts";

/** Smallest and greatest value of many observations, so that their lines share one scale. */
export function curveRange(observations: FloatArray): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of observations) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low < high ? [low, high] : [low - 0.5, low + 0.5];
}

/**
 * SVG path of one observation x: [D] in a box of the given size, `range` from bottom to top.
 *
 * A single number becomes a level line.
 */
export function curvePath(
  x: FloatArray,
  { width, height, range }: { width: number; height: number; range: readonly [number, number] },
): string {
  const [low, high] = range;
  const place = (value: number): string => (height * (1 - (value - low) / (high - low))).toFixed(2);
  if (x.length === 1) return `M0,${place(x[0] as number)}h${width}`;
  return Array.from(x, (value, i) => {
    const across = ((i * width) / (x.length - 1)).toFixed(2);
    return `${i ? "L" : "M"}${across},${place(value)}`;
  }).join("");
}
