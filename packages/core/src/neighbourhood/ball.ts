/**
 * @file The distances around a point, on a lattice of its own in which the metric is nearly round.
 *
 * On the lattice of the whole, a point between nodes of an anisotropic metric sends out a wedge
 * narrower than a step, which differences cannot see. So the first part of the way is marched in
 * coordinates in which the metric at the point is the identity, on steps that are fine along the
 * short axis and long along the long one.
 */
import { InputError } from "../array/errors.ts";
import { tensorAt } from "./between.ts";
import type { Front } from "./marching.ts";
import { march } from "./marching.ts";
import type { MetricLattice } from "./stencils.ts";
import { raised, stencils } from "./stencils.ts";

/** Points closer to a centre than `radius`, with their distance to it. */
export interface Ball {
  /** Nodes of the lattice in it, and their distances. */
  readonly nodes: Int32Array;
  readonly distances: Float64Array;
  /** Corners of the cell around the centre, and their distances along straight lines. */
  readonly corners: { readonly nodes: readonly number[]; readonly distances: readonly number[] };
  readonly radius: number;
  /** Distance of a point in lattice coordinates; Infinity outside. */
  at(x: number, y: number): number;
}

/** Half its extent along the axis of greatest stretch, in steps of the given lattice, at most. */
const greatestExtent = 6;
/** Its longest step, in steps of the given lattice, at most: the metric is known no finer. */
const longestStep = 2;
/** Nodes to either side of the centre whose distance is that of a straight line. */
const start = 4;

/**
 * The ball around (x, y) in lattice coordinates, found on a lattice of its own of `side` nodes a side, which is odd
 * so that the centre is one. Throws `InputError` outside and in a hole.
 */
export function ballAround(lattice: MetricLattice, x: number, y: number, side = 129): Ball {
  const middle = (side - 1) / 2;
  const [g11, g12, g22] = raised(...tensorAt(lattice, x, y));
  if (!Number.isFinite(g11 + g12 + g22))
    throw new InputError(
      `distance field: expected a source where the metric is finite, got (${x}, ${y}) in steps of a lattice of ${lattice.width} x ${lattice.height}`,
    );
  const mean = (g11 + g22) / 2;
  const radius = Math.hypot((g11 - g22) / 2, g12);
  const [great, small] = [mean + radius, mean - radius];
  const extent = Math.min(greatestExtent, longestStep * middle * Math.sqrt(small / great));
  /** One step of the ball's lattice is this long in the metric. */
  const unit = (extent * Math.sqrt(great)) / middle;
  const angle = Math.atan2(2 * g12, g11 - g22) / 2;
  const [p, q] = [unit / Math.sqrt(great), unit / Math.sqrt(small)];
  // Columns: a step along the axis of greatest stretch, and one across.
  const [axx, axy] = [p * Math.cos(angle), -q * Math.sin(angle)];
  const [ayx, ayy] = [p * Math.sin(angle), q * Math.cos(angle)];

  const tensors = new Float64Array(3 * side * side);
  for (let j = 0; j < side; j++)
    for (let i = 0; i < side; i++) {
      const [a, b] = [i - middle, j - middle];
      const [h11, h12, h22] = tensorAt(lattice, x + axx * a + axy * b, y + ayx * a + ayy * b);
      tensors.set(
        [
          axx * axx * h11 + 2 * axx * ayx * h12 + ayx * ayx * h22,
          axx * axy * h11 + (axx * ayy + axy * ayx) * h12 + ayx * ayy * h22,
          axy * axy * h11 + 2 * axy * ayy * h12 + ayy * ayy * h22,
        ],
        3 * (j * side + i),
      );
    }
  const { distances: u, reach } = marchOut(side, tensors);

  const determinant = axx * ayy - axy * ayx;
  const at = (px: number, py: number): number => {
    const [dx, dy] = [px - x, py - y];
    const i = (ayy * dx - axy * dy) / determinant + middle;
    const j = (axx * dy - ayx * dx) / determinant + middle;
    const found = interpolate(u, side, unit, i, j);
    return found <= reach ? found : Number.POSITIVE_INFINITY;
  };
  const inside = nodesIn(lattice, x, y, {
    x: middle * (Math.abs(axx) + Math.abs(axy)),
    y: middle * (Math.abs(ayx) + Math.abs(ayy)),
    at,
  });
  return { ...inside, corners: cornersAround(lattice, x, y), radius: reach, at };
}

/** From the centre to the edge, where it ends: a shortest way that leaves is longer than that. */
function marchOut(side: number, tensors: Float64Array): Front {
  const lattice = { width: side, height: side, tensors };
  const centre = (side * side - 1) / 2;
  const nodes: number[] = [];
  const distances: number[] = [];
  for (let b = -start; b <= start; b++)
    for (let a = -start; a <= start; a++) {
      const node = centre + b * side + a;
      nodes.push(node);
      distances.push(straight(tensors, centre, node, a, b));
    }
  const marks = new Uint8Array(side * side);
  for (let i = 0; i < side; i++)
    for (const node of [i, i * side, (side - 1) * side + i, i * side + side - 1]) marks[node] = 1;
  return march(stencils(lattice), { nodes, distances }, { until: { marks, count: 1 } });
}

/** Length of the step (a, b) from a node to another: mean of the lengths in their two metrics. */
function straight(tensors: Float64Array, from: number, to: number, a: number, b: number): number {
  const length = (i: number): number =>
    Math.sqrt(
      (tensors[i] as number) * a * a +
        2 * (tensors[i + 1] as number) * a * b +
        (tensors[i + 2] as number) * b * b,
    );
  return (length(3 * from) + length(3 * to)) / 2;
}

/** Between nodes the square of the distance, less that of the round metric, is taken linear. */
function interpolate(u: Float64Array, side: number, unit: number, i: number, j: number): number {
  if (!(i >= 0 && j >= 0 && i <= side - 1 && j <= side - 1)) return Number.POSITIVE_INFINITY;
  const column = Math.min(Math.floor(i), side - 2);
  const row = Math.min(Math.floor(j), side - 2);
  const middle = (side - 1) / 2;
  const round = (a: number, b: number): number =>
    unit * unit * ((a - middle) ** 2 + (b - middle) ** 2);
  const rest = (a: number, b: number): number => (u[b * side + a] as number) ** 2 - round(a, b);
  const [s, t] = [i - column, j - row];
  const between =
    (1 - t) * ((1 - s) * rest(column, row) + s * rest(column + 1, row)) +
    t * ((1 - s) * rest(column, row + 1) + s * rest(column + 1, row + 1));
  const square = between + round(i, j);
  // A corner that was not reached is Infinity, or NaN with a weight of zero.
  return square < Infinity ? Math.sqrt(Math.max(0, square)) : Number.POSITIVE_INFINITY;
}

/** Nodes of the lattice within the ball. */
function nodesIn(
  { width, height }: MetricLattice,
  x: number,
  y: number,
  ball: { readonly x: number; readonly y: number; at(x: number, y: number): number },
): Pick<Ball, "nodes" | "distances"> {
  const nodes: number[] = [];
  const distances: number[] = [];
  const last = (edge: number, reach: number): number => Math.min(edge - 1, Math.floor(reach));
  for (let row = Math.max(0, Math.ceil(y - ball.y)); row <= last(height, y + ball.y); row++)
    for (
      let column = Math.max(0, Math.ceil(x - ball.x));
      column <= last(width, x + ball.x);
      column++
    ) {
      const distance = ball.at(column, row);
      if (distance === Number.POSITIVE_INFINITY) continue;
      nodes.push(row * width + column);
      distances.push(distance);
    }
  return { nodes: Int32Array.from(nodes), distances: Float64Array.from(distances) };
}

function cornersAround(lattice: MetricLattice, x: number, y: number): Ball["corners"] {
  const column = Math.min(Math.floor(x), lattice.width - 2);
  const row = Math.min(Math.floor(y), lattice.height - 2);
  const centre = Float64Array.from(tensorAt(lattice, x, y));
  const corners = [0, 1].flatMap((b) =>
    [0, 1].map((a) => {
      const node = (row + b) * lattice.width + column + a;
      const both = new Float64Array([
        ...centre,
        ...lattice.tensors.subarray(3 * node, 3 * node + 3),
      ]);
      return { node, distance: straight(both, 0, 1, column + a - x, row + b - y) };
    }),
  );
  return {
    nodes: corners.map(({ node }) => node),
    distances: corners.map(({ distance }) => distance),
  };
}
