/** @file What lies between the nodes of a lattice: the metric, a field, and the distance of a front. */
import type { MetricLattice } from "./stencils.ts";

/** The metric between nodes, bilinear; not a number outside. */
export function tensorAt(
  { width, height, tensors }: MetricLattice,
  x: number,
  y: number,
): [number, number, number] {
  if (!(x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1))
    return [Number.NaN, Number.NaN, Number.NaN];
  const column = Math.min(Math.floor(x), width - 2);
  const row = Math.min(Math.floor(y), height - 2);
  const [s, t] = [x - column, y - row];
  const at = 3 * (row * width + column);
  const above = at + 3 * width;
  const between = (k: number): number =>
    (1 - t) * ((1 - s) * (tensors[at + k] as number) + s * (tensors[at + 3 + k] as number)) +
    t * ((1 - s) * (tensors[above + k] as number) + s * (tensors[above + 3 + k] as number));
  return [between(0), between(1), between(2)];
}

/** A field between nodes; not finite where a corner that counts is not. */
export function bilinear(u: Float64Array, width: number, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [s, t] = [x - column, y - row];
  const node = row * width + column;
  let sum = 0;
  if (s < 1 && t < 1) sum += (1 - s) * (1 - t) * (u[node] as number);
  if (s > 0) sum += s * (1 - t) * (u[node + 1] as number);
  if (t > 0) sum += (1 - s) * t * (u[node + width] as number);
  if (s > 0 && t > 0) sum += s * t * (u[node + width + 1] as number);
  return sum;
}

/** Nodes to each side of a point from which the way to it is tried. */
const around = 2;

/**
 * Distance at a point between nodes: bilinear, or straight on from a node nearby where that is
 * shorter. On a ridge the value between nodes is far from the mean of theirs.
 */
export function distanceAt(
  lattice: MetricLattice,
  distances: Float64Array,
  x: number,
  y: number,
): number {
  const { width, height } = lattice;
  const between = bilinear(distances, width, x, y);
  let best = Number.isNaN(between) ? Infinity : between;
  const [left, low] = [Math.floor(x) - around + 1, Math.floor(y) - around + 1];
  for (let row = Math.max(0, low); row < Math.min(height, low + 2 * around); row++)
    for (let column = Math.max(0, left); column < Math.min(width, left + 2 * around); column++) {
      const so = distances[row * width + column] as number;
      if (so < best) best = Math.min(best, so + straightLength(lattice, column, row, x, y));
    }
  return best;
}

/** Length of a short straight line by Simpson's rule; Infinity through a hole. */
function straightLength(
  lattice: MetricLattice,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): number {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const speed = (t: number): number => {
    const [g11, g12, g22] = tensorAt(lattice, fromX + t * dx, fromY + t * dy);
    return Math.sqrt(g11 * dx * dx + 2 * g12 * dx * dy + g22 * dy * dy);
  };
  const length = (speed(0) + 4 * speed(0.5) + speed(1)) / 6;
  return Number.isNaN(length) ? Infinity : length;
}
