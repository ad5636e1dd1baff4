/**
 * @file The magnification factor MF = sqrt(det G) (Eq. 18) over a plane of the latent space.
 *
 * Computed from the Jacobian along the plane's axes, by the orthogonal parts of `density.ts`.
 */
import { InputError } from "../array/errors.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import { withPrograms } from "../engine/cache.ts";
import type { Engine } from "../engine/engine.ts";
import type { Graph } from "../graph/graph.ts";
import { graph, inline } from "../graph/graph.ts";
import type { Value } from "../graph/value.ts";
import type { Decoder } from "../model/decoder.ts";
import { logVolume, orthogonalParts } from "./density.ts";
import { axis, derivative, unit } from "./metric.ts";

/** A plane (or a line) in latent space: points are origin + u axes[0] + v axes[1]. */
export interface Plane {
  readonly origin: readonly number[];
  readonly axes: readonly (readonly number[])[];
}

/** x0, x1, y0, y1 in the plane's coordinates. */
export type Bounds = readonly [x0: number, x1: number, y0: number, y1: number];

export interface MagnificationMap {
  readonly plane: Plane;
  readonly bounds: Bounds;
  /** Points a side. */
  readonly grid: number;
  /** [grid, grid], row 0 at y0; a line has one row. Linear MF; 0 where it underflows. */
  readonly magnification: Float32Array;
  /** ln MF, for factors beyond the range of float32. */
  readonly logMagnification: Float64Array;
}

export interface MagnificationOptions {
  readonly engine: Engine;
  readonly decoder: Decoder;
  /** The first two latent axes by default, which is the space for d = 2. */
  readonly plane?: Plane;
  readonly bounds: Bounds;
  /** Points a side; 128 by default. */
  readonly grid?: number;
  /** MF of all of G instead of its restriction to the plane. */
  readonly full?: boolean;
  readonly cache?: ProgramCache;
  readonly signal?: AbortSignal;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** The plane of two latent axes through the origin (or a line, for d = 1). */
export function axisPlane(d: number, i = 0, j = 1): Plane {
  const axes = d === 1 ? [unit(1, 0)] : [unit(d, i), unit(d, j)];
  return { origin: Array.from({ length: d }, () => 0), axes };
}

/**
 * MF over a grid of the plane. Throws `InputError` on bounds without extent and on a plane of
 * another dimension.
 */
export async function magnificationMap(options: MagnificationOptions): Promise<MagnificationMap> {
  const { decoder, bounds, grid = 128, full = false, signal, onProgress } = options;
  const d = decoder.latentDimension;
  const plane = options.plane ?? axisPlane(d);
  checkPlane(plane, bounds, grid, d);
  const points = gridPoints(plane, bounds, grid);
  const directions = full ? Array.from({ length: d }, (_, k) => unit(d, k)) : plane.axes;
  const graph = logMagnification(decoder, directions);
  const onRows = (rows: number): void => onProgress?.(rows / (points.length / d));
  const { logMF } = await withPrograms(options, (cache) =>
    runRows(cache, graph, { z: points }, { signal, onRows }),
  );
  const logs = logMF as Float64Array;
  return {
    plane,
    bounds,
    grid,
    magnification: Float32Array.from(logs, Math.exp),
    logMagnification: logs,
  };
}

/** Latent points of the grid, row by row from y0: [rows * grid, d]. */
export function gridPoints(plane: Plane, [x0, x1, y0, y1]: Bounds, grid: number): Float64Array {
  const d = plane.origin.length;
  const rows = plane.axes.length === 1 ? 1 : grid;
  const at = (from: number, to: number, i: number): number => from + ((to - from) * i) / (grid - 1);
  const points = new Float64Array(rows * grid * d);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < grid; column++)
      for (let k = 0; k < d; k++)
        points[(row * grid + column) * d + k] =
          (plane.origin[k] as number) +
          at(x0, x1, column) * (plane.axes[0]?.[k] ?? 0) +
          at(y0, y1, row) * (plane.axes[1]?.[k] ?? 0);
  return points;
}

/** z [n, d] to ln MF [n, 1] along the given directions. */
function logMagnification(decoder: Decoder, directions: Plane["axes"]): Graph {
  const z = decoder.graph.inputs.z as Value;
  const x = inline(decoder.graph, { z }).mean as Value;
  const columns = directions.map((direction) => derivative(x, z, axis(z, direction)));
  return graph([z], { logMF: logVolume(orthogonalParts(columns)) });
}

function checkPlane(plane: Plane, bounds: Bounds, grid: number, d: number): void {
  const fail = (expected: string, got: unknown): never => {
    throw new InputError(`map: expected ${expected}, got ${got}`);
  };
  const [x0, x1, y0, y1] = bounds;
  if (!(x0 < x1) || !Number.isFinite(x1 - x0)) fail("bounds with x0 < x1", `${x0}, ${x1}`);
  if (plane.axes.length > 1 && (!(y0 < y1) || !Number.isFinite(y1 - y0)))
    fail("bounds with y0 < y1", `${y0}, ${y1}`);
  if (!Number.isInteger(grid) || grid < 2) fail("a grid of at least 2 points a side", grid);
  const sizes = [plane.origin, ...plane.axes].map((vector) => vector.length);
  if (sizes.some((size) => size !== d)) fail(`a plane in ${d} latent dimensions`, `[${sizes}]`);
}
