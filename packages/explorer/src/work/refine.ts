/**
 * @file The magnification factor over a plane, coarse at once and then finer: each level halves the
 * steps of the one before and keeps its points.
 *
 * Smooth regions cost little: where the level before was predicted by its neighbours to within a
 * shade, the next is taken from its neighbours too. Halving the step divides the error of cubic
 * interpolation by sixteen, of linear interpolation (at the border) by four; four is counted on, so
 * what a level shows bounds what the next can hide.
 */
import type { Bounds, Plane } from "pullback-core";

/** ln MF on a grid of `side` x `side` vertices over the bounds, row 0 at y0. */
export interface MapLevel {
  readonly bounds: Bounds;
  readonly plane: Plane;
  readonly side: number;
  readonly logs: Float32Array;
  /** Whether finer levels follow. */
  readonly final: boolean;
  /** Points that were computed, all levels together; the rest was interpolated. */
  readonly computed: number;
}

export interface RefineOptions {
  readonly plane: Plane;
  readonly bounds: Bounds;
  /** Vertices a side of the first and the last level, 2^k + 1. */
  readonly first: number;
  readonly last: number;
  /** Share of the range of ln MF that interpolation may be off by; one of 256 shades by default. */
  readonly tolerance?: number;
  /** ln MF at points of latent space [n, d]. */
  evaluate(points: Float64Array): Promise<Float64Array>;
  onLevel(level: MapLevel): void;
}

/** Computes all levels one after another. */
export async function refineMap(options: RefineOptions): Promise<void> {
  const { plane, bounds, first, last, tolerance = 1 / 256, evaluate, onLevel } = options;
  let side = first;
  let logs = await evaluate(latticePoints(plane, bounds, side, everything(side)));
  let error: Float64Array | null = null;
  let computed = logs.length;
  for (;;) {
    const final = side >= last;
    onLevel({ bounds, plane, side, logs: Float32Array.from(logs), final, computed });
    if (final) return;
    const fine = 2 * side - 1;
    const allowed = tolerance * spread(logs);
    const { values, guess } = interpolated(logs, side);
    const wanted: number[] = [];
    for (let at = 0; at < values.length; at++)
      if (guess[at] === 1 && !(expectedError(error, side, at, fine) < allowed)) wanted.push(at);
    const exact = await evaluate(latticePoints(plane, bounds, fine, wanted));
    computed += wanted.length;
    const nextError = new Float64Array(values.length);
    // What was not computed is taken to be off by what was allowed there, falling level by level.
    for (let at = 0; at < values.length; at++)
      nextError[at] = guess[at] === 1 ? expectedError(error, side, at, fine) : 0;
    wanted.forEach((at, i) => {
      nextError[at] = Math.abs((exact[i] as number) - (values[at] as number));
      values[at] = exact[i] as number;
    });
    [logs, error, side] = [values, nextError, fine];
  }
}

const everything = (side: number): number[] => Array.from({ length: side * side }, (_, at) => at);

/** Points of latent space at vertices of the lattice, [n, d]. */
function latticePoints(
  { origin, axes }: Plane,
  [x0, x1, y0, y1]: Bounds,
  side: number,
  vertices: readonly number[],
): Float64Array {
  const d = origin.length;
  const points = new Float64Array(vertices.length * d);
  vertices.forEach((vertex, row) => {
    const u = x0 + ((x1 - x0) * (vertex % side)) / (side - 1);
    const w = y0 + ((y1 - y0) * Math.floor(vertex / side)) / (side - 1);
    for (let k = 0; k < d; k++)
      points[row * d + k] =
        (origin[k] as number) + u * (axes[0]?.[k] as number) + w * (axes[1]?.[k] as number);
  });
  return points;
}

/**
 * The next level by cubics through four neighbours in a line, across and then up, lines where a
 * neighbour lacks; `guess` is 1 where a value is one.
 */
function interpolated(logs: Float64Array, side: number) {
  const fine = 2 * side - 1;
  const values = new Float64Array(fine * fine);
  const guess = new Uint8Array(fine * fine);
  for (let y = 0; y < fine; y += 2) {
    const row = (y >> 1) * side;
    for (let x = 0; x < fine; x++) {
      const at = y * fine + x;
      values[at] = x & 1 ? between(logs, row, 1, x >> 1, side) : (logs[row + (x >> 1)] as number);
      guess[at] = x & 1;
    }
  }
  for (let y = 1; y < fine; y += 2)
    for (let x = 0; x < fine; x++) {
      values[y * fine + x] = between(values, x, 2 * fine, y >> 1, side);
      guess[y * fine + x] = 1;
    }
  return { values, guess };
}

/** Midway between entries i and i + 1 of a line of `count`, which begins at `start`. */
function between(line: Float64Array, start: number, stride: number, i: number, count: number) {
  const at = (k: number): number => line[start + k * stride] as number;
  const linear = (at(i) + at(i + 1)) / 2;
  if (i === 0 || i + 2 >= count) return linear;
  return linear + (linear - (at(i - 1) + at(i + 2)) / 2) / 8;
}

/** A quarter of the greatest error that the level before had around this vertex. */
function expectedError(error: Float64Array | null, side: number, at: number, fine: number): number {
  if (!error) return Number.POSITIVE_INFINITY;
  const [x, y] = [(at % fine) >> 1, Math.floor(at / fine) >> 1];
  let greatest = 0;
  for (let row = Math.max(0, y - 1); row <= Math.min(side - 1, y + 2); row++)
    for (let column = Math.max(0, x - 1); column <= Math.min(side - 1, x + 2); column++) {
      const value = error[row * side + column] as number;
      // Infinite differences and NaN keep a region exact.
      if (!(value <= greatest)) greatest = Number.isFinite(value) ? value : Infinity;
    }
  return greatest / 4;
}

function spread(logs: Float64Array): number {
  let [low, high] = [Infinity, -Infinity];
  for (const value of logs) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high > low ? high - low : 1;
}
