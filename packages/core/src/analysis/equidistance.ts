/**
 * @file Geodesic distances over a two-dimensional latent space (Section 4.4 and Fig. 6 of the paper):
 * from a point to every point of a grid, and between many points.
 *
 * The metric is evaluated on the grid once; each source is then one march of a front
 * (`neighbourhood/marching`), with a finer lattice of its own around the source
 * (`neighbourhood/ball`). Errors come from what a metric does between grid points: docs/theory.md
 * states them for trained decoders.
 */
import { InputError } from "../array/errors.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Bounds } from "../metric/magnification.ts";
import type { Metric } from "../metric/metric.ts";
import type { Ball } from "../neighbourhood/ball.ts";
import { ballAround } from "../neighbourhood/ball.ts";
import { distanceAt } from "../neighbourhood/between.ts";
import type { LatentLattice } from "../neighbourhood/lattice.ts";
import { latentLattice } from "../neighbourhood/lattice.ts";
import { march } from "../neighbourhood/marching.ts";
import { mean } from "./statistics.ts";

export interface DistanceGridOptions {
  readonly cache: ProgramCache;
  /** Of two latent dimensions, given by a map or by its tensor. */
  readonly metric: Metric;
  readonly bounds: Bounds;
  /** Points a side, 481 by default; the error falls with it, time and memory grow by its square. */
  readonly grid?: number;
  readonly signal?: AbortSignal;
  /** Called with the share of the metric that is evaluated, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

export interface DistanceGrid {
  readonly bounds: Bounds;
  readonly grid: number;
  /** Distances from a point to the grid. Throws `InputError` outside the bounds. */
  from(source: readonly number[]): DistanceField;
  /**
   * Distances between points [n, 2]: [n, n], symmetric, 0 on the diagonal. One front for each point
   * but the last, ended where it has met those that are left.
   */
  between(points: ArrayLike<number>, options?: BetweenOptions): Promise<Float64Array>;
}

export interface BetweenOptions {
  readonly signal?: AbortSignal;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

export interface DistanceField {
  readonly bounds: Bounds;
  readonly grid: number;
  readonly source: readonly number[];
  /** [grid, grid], row 0 at y0. Infinity where no way leads: behind points that are not finite. */
  readonly distance: Float64Array;
  /** Distance between grid points as well; Infinity outside the bounds. */
  at(point: readonly number[]): number;
}

/** The distance field of one source: `distanceGrid(options).from(source)`. */
export async function distanceField(
  options: DistanceGridOptions & { readonly source: readonly number[] },
): Promise<DistanceField> {
  return (await distanceGrid(options)).from(options.source);
}

/**
 * Evaluates the metric on the grid and a margin around it. Throws `InputError` for other than two
 * latent dimensions, for bounds without extent and for a grid of fewer than 9 points a side.
 */
export async function distanceGrid(options: DistanceGridOptions): Promise<DistanceGrid> {
  const { bounds, grid = 481 } = options;
  check(options.metric, bounds, grid);
  const lattice = await latentLattice({ ...options, grid });
  return {
    bounds,
    grid,
    from: (source) => fieldFrom(lattice, bounds, grid, source),
    between: (points, given = {}) => distancesBetween(lattice, bounds, points, given),
  };
}

function fieldFrom(
  { stencils, margin, place }: LatentLattice,
  bounds: Bounds,
  grid: number,
  source: readonly number[],
): DistanceField {
  const ball = ballAround(stencils, ...place(...inside(bounds, source, "source")));
  const { distances } = march(stencils, ball, { loose: ball.corners });
  const { width } = stencils;
  const distance = new Float64Array(grid * grid);
  for (let row = 0; row < grid; row++) {
    const from = (row + margin) * width + margin;
    distance.set(distances.subarray(from, from + grid), row * grid);
  }
  return {
    bounds,
    grid,
    source,
    distance,
    at([x, y]) {
      const [x0, x1, y0, y1] = bounds;
      if (x === undefined || y === undefined || !(x >= x0 && x <= x1 && y >= y0 && y <= y1))
        return Infinity;
      const at = place(x, y);
      return Math.min(ball.at(...at), distanceAt(stencils, distances, ...at));
    },
  };
}

async function distancesBetween(
  { stencils, place }: LatentLattice,
  bounds: Bounds,
  points: ArrayLike<number>,
  { signal, onProgress }: BetweenOptions,
): Promise<Float64Array> {
  const n = points.length / 2;
  const list = Array.from({ length: n }, (_, i) =>
    inside(bounds, [points[2 * i] as number, points[2 * i + 1] as number], `point ${i}`),
  );
  const places = list.map(([x, y]) => place(x, y));
  const balls = places.map(([x, y]) => ballAround(stencils, x, y));
  const left = targets(balls, stencils.width * stencils.height);
  const result = new Float64Array(n * n);
  const order = outsideIn(list);
  for (const [done, i] of order.slice(0, -1).entries()) {
    signal?.throwIfAborted();
    const ball = balls[i] as Ball;
    left.remove(ball);
    const { distances } = march(stencils, ball, { loose: ball.corners, until: left });
    for (const j of order.slice(done + 1)) {
      const within = ball.at(...(places[j] as [number, number]));
      const distance = Math.min(within, throughNodes(distances, balls[j] as Ball));
      result[i * n + j] = distance;
      result[j * n + i] = distance;
    }
    onProgress?.((done + 1) / (n - 1));
    // A march takes its time: let whoever waits for this thread in between.
    await new Promise((resume) => setTimeout(resume, 0));
  }
  return result;
}

/** Shortest way on from a front's nodes into the ball around a point. */
function throughNodes(distances: Float64Array, { nodes, distances: rest, corners }: Ball): number {
  let shortest = Infinity;
  for (let k = 0; k < nodes.length; k++)
    shortest = Math.min(shortest, (distances[nodes[k] as number] as number) + (rest[k] as number));
  for (const [k, node] of corners.nodes.entries())
    shortest = Math.min(shortest, (distances[node] as number) + (corners.distances[k] as number));
  return shortest;
}

/** The nodes of balls that fronts still have to meet, fewer with each ball that is removed. */
function targets(balls: readonly Ball[], n: number) {
  const holders = new Uint16Array(n);
  const marks = new Uint8Array(n);
  const left = {
    marks,
    count: 0,
    remove: (ball: Ball): void => each(ball, -1),
  };
  const each = ({ nodes, corners }: Ball, change: 1 | -1): void => {
    for (const of of [nodes, corners.nodes])
      for (const node of of) {
        const holding = (holders[node] as number) + change;
        holders[node] = holding;
        if (holding === (change > 0 ? 1 : 0)) left.count += change;
        marks[node] = holding > 0 ? 1 : 0;
      }
  };
  for (const ball of balls) each(ball, 1);
  return left;
}

/** Indices of points from the farthest from their centre inwards. */
function outsideIn(points: readonly (readonly [number, number])[]): number[] {
  const [cx, cy] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const off = points.map(([x, y]) => Math.hypot(x - cx, y - cy));
  return points.map((_, i) => i).sort((i, j) => (off[j] as number) - (off[i] as number));
}

function inside(
  [x0, x1, y0, y1]: Bounds,
  point: readonly number[],
  name: string,
): readonly [number, number] {
  const [x, y] = point as [number, number];
  if (point.length !== 2 || !(x >= x0 && x <= x1 && y >= y0 && y <= y1))
    throw new InputError(
      `distance field: ${name}: expected two coordinates within ${x0} to ${x1} and ${y0} to ${y1}, got ${point.join(", ")}`,
    );
  return [x, y];
}

function check(metric: Metric, [x0, x1, y0, y1]: Bounds, grid: number): void {
  const fail = (expected: string, got: unknown): never => {
    throw new InputError(`distance field: expected ${expected}, got ${got}`);
  };
  if (metric.dimension !== 2)
    fail("a metric of 2 latent dimensions (use connect for others)", metric.dimension);
  if (!(x0 < x1 && y0 < y1) || !Number.isFinite(x1 - x0 + y1 - y0))
    fail("bounds x0 < x1 and y0 < y1", [x0, x1, y0, y1].join(", "));
  if (!Number.isInteger(grid) || grid < 9) fail("a grid of at least 9 points a side", grid);
}
