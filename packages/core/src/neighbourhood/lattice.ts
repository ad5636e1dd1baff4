/** @file A metric over a rectangle of the latent plane, as a lattice to march over. */
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Bounds } from "../metric/magnification.ts";
import { axisPlane, gridPoints } from "../metric/magnification.ts";
import type { Metric } from "../metric/metric.ts";
import { tensorGraph } from "../metric/metric.ts";
import type { Stencils } from "./stencils.ts";
import { stencils } from "./stencils.ts";

export interface LatentLattice {
  readonly stencils: Stencils;
  /** Nodes beyond the bounds to each side. */
  readonly margin: number;
  /** Latent point to lattice coordinates. */
  place(x: number, y: number): readonly [number, number];
  /** Lattice coordinates to latent point. */
  point(column: number, row: number): readonly [number, number];
}

export interface LatentLatticeOptions {
  readonly cache: ProgramCache;
  /** Of two latent dimensions. */
  readonly metric: Metric;
  readonly bounds: Bounds;
  /** Nodes a side within the bounds. */
  readonly grid: number;
  readonly signal?: AbortSignal;
  /** Called with the share of the metric that is evaluated, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** So far beyond the bounds the lattice goes on, as a share of them: shortest ways may leave. */
const margin = 0.05;

/** Evaluates the metric at all nodes. */
export async function latentLattice(options: LatentLatticeOptions): Promise<LatentLattice> {
  const { cache, metric, bounds, grid, signal, onProgress } = options;
  const [x0, x1, y0, y1] = bounds;
  const [hx, hy] = [(x1 - x0) / (grid - 1), (y1 - y0) / (grid - 1)];
  const extra = Math.ceil(margin * (grid - 1));
  const side = grid + 2 * extra;
  const [left, low] = [x0 - extra * hx, y0 - extra * hy];
  const wide = [left, x1 + extra * hx, low, y1 + extra * hy] as const;
  const inputs = { z: gridPoints(axisPlane(2), wide, side) };
  const onRows = (rows: number): void => onProgress?.(rows / (side * side));
  const { G } = await runRows(cache, tensorGraph(metric), inputs, { signal, onRows });
  const tensors = new Float64Array(3 * side * side);
  for (let node = 0; node < side * side; node++) {
    const [g11, g12, , g22] = (G as Float64Array).subarray(4 * node, 4 * node + 4);
    tensors[3 * node] = (g11 as number) * hx * hx;
    tensors[3 * node + 1] = (g12 as number) * hx * hy;
    tensors[3 * node + 2] = (g22 as number) * hy * hy;
  }
  return {
    stencils: stencils({ width: side, height: side, tensors }),
    margin: extra,
    place: (x, y) => [(x - left) / hx, (y - low) / hy],
    point: (column, row) => [left + column * hx, low + row * hy],
  };
}
