/**
 * @file Geodesic distances over a two-dimensional latent space (Section 4.4 and Fig. 6 of the paper):
 * from a point to every point of a grid.
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
import { ballAround } from "../neighbourhood/ball.ts";
import { distanceAt } from "../neighbourhood/between.ts";
import type { LatentLattice } from "../neighbourhood/lattice.ts";
import { latentLattice } from "../neighbourhood/lattice.ts";
import { march } from "../neighbourhood/marching.ts";

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
