/**
 * @file Tissot's indicatrices: at each point the ellipse of steps that are all equally long in the
 * metric, v^T G v = 1. Where it is small the decoder stretches; its long axis is the direction in
 * which the data change least.
 */
import { symmetricEigen } from "../array/eigen.ts";
import { InputError } from "../array/errors.ts";
import { splitRows } from "../array/rows.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import { restricted } from "./density.ts";
import type { Bounds, Plane } from "./magnification.ts";
import type { Metric } from "./metric.ts";
import { tensorGraph, unit } from "./metric.ts";

export interface IndicatrixOptions {
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** [n, d], or with a plane [n, 2] in its coordinates. */
  readonly points: Float64Array;
  /** Restricts the metric to a plane; all of latent space by default. */
  readonly plane?: Plane;
  readonly signal?: AbortSignal;
}

/** An ellipse, or an ellipsoid in more dimensions. */
export interface Indicatrix {
  readonly centre: readonly number[];
  /** Half axes, the longest first; Infinity in directions that do not move the data. */
  readonly lengths: readonly number[];
  /** Their directions, of unit length in the coordinates of the points. */
  readonly directions: readonly (readonly number[])[];
}

/** Shares of the largest eigenvalue below this are rounding of float32. */
const smallestShare = 1e-12;

/** Indicatrices at points. Throws `InputError` for points and planes that do not fit the metric. */
export async function indicatrices(options: IndicatrixOptions): Promise<Indicatrix[]> {
  const { cache, metric, points, signal } = options;
  const d = metric.dimension;
  const plane = options.plane ?? wholeSpace(d);
  const width = plane.axes.length;
  const sizes = [plane.origin, ...plane.axes].map(({ length }) => length);
  if (points.length % width !== 0 || sizes.some((size) => size !== d))
    throw new InputError(
      `indicatrices: expected points of ${width} numbers and a plane in ${d} dimensions, got ${points.length} numbers and [${sizes}]`,
    );
  const centres = splitRows(points, width);
  const z = Float64Array.from({ length: centres.length * d }, (_, at) => {
    const [row, k] = [Math.floor(at / d), at % d];
    return plane.axes.reduce(
      (sum, axis, l) => sum + (centres[row]?.[l] as number) * (axis[k] as number),
      plane.origin[k] as number,
    );
  });
  const { G } = await runRows(cache, tensorGraph(metric), { z }, { signal });
  return splitRows(G as Float64Array, d * d).map((tensor, i) => ({
    centre: [...(centres[i] as Float64Array)],
    ...ellipse(restricted(tensor, plane.axes), width),
  }));
}

/** Centres of side x side cells of a map, [side^2, 2], row by row from y0. */
export function cellCentres([x0, x1, y0, y1]: Bounds, side: number): Float64Array {
  return Float64Array.from({ length: 2 * side * side }, (_, at) => {
    const cell = at >> 1;
    const share = ((at % 2 ? Math.floor(cell / side) : cell % side) + 0.5) / side;
    return at % 2 ? y0 + share * (y1 - y0) : x0 + share * (x1 - x0);
  });
}

function wholeSpace(d: number): Plane {
  const axes = Array.from({ length: d }, (_, k) => unit(d, k));
  return { origin: axes.map(() => 0), axes };
}

function ellipse(G: Float64Array, width: number): Omit<Indicatrix, "centre"> {
  const { values, vectors } = symmetricEigen(G, width);
  const largest = values[0] as number;
  const axes = Array.from({ length: width }, (_, k) => width - 1 - k);
  return {
    lengths: axes.map((k) => {
      const value = values[k] as number;
      return value > smallestShare * largest ? 1 / Math.sqrt(value) : Number.POSITIVE_INFINITY;
    }),
    directions: axes.map((k) => [...vectors.subarray(k * width, (k + 1) * width)]),
  };
}
