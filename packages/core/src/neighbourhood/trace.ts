/** @file Shortest ways, found by going down a field of distances. */
import type { Front } from "./marching.ts";
import type { MetricLattice, Stencils } from "./stencils.ts";

/** King's and knight's moves. */
const moves = [-2, -1, 0, 1, 2].flatMap((y) =>
  [-2, -1, 0, 1, 2].flatMap((x) => {
    const square = x * x + y * y;
    return square === 1 || square === 2 || square === 5 ? [[x, y] as const] : [];
  }),
);

/**
 * The way from `to` down to the source of a front, as lattice coordinates [n, 2] from source to `to`.
 * Null where no front came.
 *
 * From node to node, each time to the nearer one over which the distance to the source is least: steps are
 * those of the stencils, long where the metric is anisotropic, and king's and knight's moves. Unlike a walk down the
 * gradient it cannot get stuck, however narrow a valley is beside a step of the lattice.
 */
export function wayDown(
  stencils: Stencils,
  { distances }: Front,
  source: readonly [number, number],
  to: readonly [number, number],
): Float64Array | null {
  const { width } = stencils;
  const way: number[] = [...to].reverse();
  let node = cornerNearest(stencils, distances, to);
  if (node < 0) return null;
  for (; node >= 0; node = stepDown(stencils, distances, node))
    way.push(Math.floor(node / width), node % width);
  way.push(source[1], source[0]);
  return Float64Array.from(way.reverse());
}

/** The four nodes around a point of the lattice. */
export function cornersOf({ width, height }: MetricLattice, x: number, y: number): number[] {
  const first = Math.min(Math.floor(y), height - 2) * width + Math.min(Math.floor(x), width - 2);
  return [first, first + 1, first + width, first + width + 1];
}

/** The corner of a point's cell over which its distance is least; -1 where no front came. */
function cornerNearest(
  lattice: MetricLattice,
  distances: Float64Array,
  [x, y]: readonly [number, number],
): number {
  const { width } = lattice;
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const node of cornersOf(lattice, x, y)) {
    const [ex, ey] = [(node % width) - x, Math.floor(node / width) - y];
    const through = (distances[node] as number) + lengthAt(lattice, node, ex, ey);
    if (through < least) [nearest, least] = [node, through];
  }
  return nearest;
}

/** The next node; -1 where none around is nearer to the source. */
function stepDown(stencils: Stencils, distances: Float64Array, node: number): number {
  const { width, height, directions, weights } = stencils;
  const x = node % width;
  const y = (node - x) / width;
  let next = -1;
  let least = Number.POSITIVE_INFINITY;
  const consider = (ex: number, ey: number): void => {
    if (x + ex < 0 || y + ey < 0 || x + ex >= width || y + ey >= height) return;
    const other = node + ey * width + ex;
    const so = distances[other] as number;
    if (!(so < (distances[node] as number))) return;
    const step = (lengthAt(stencils, node, ex, ey) + lengthAt(stencils, other, ex, ey)) / 2;
    if (so + step < least) [next, least] = [other, so + step];
  };
  for (let k = 3 * node; k < 3 * node + 3; k++) {
    if (weights[k] === 0) continue;
    const [ex, ey] = [directions[2 * k] as number, directions[2 * k + 1] as number];
    consider(ex, ey);
    consider(-ex, -ey);
  }
  for (const [ex, ey] of moves) consider(ex, ey);
  return next;
}

/** Length of a step in the metric of a node. */
function lengthAt({ tensors }: MetricLattice, node: number, dx: number, dy: number): number {
  const g11 = tensors[3 * node] as number;
  const g12 = tensors[3 * node + 1] as number;
  const g22 = tensors[3 * node + 2] as number;
  return Math.sqrt(g11 * dx * dx + 2 * g12 * dx * dy + g22 * dy * dy);
}
