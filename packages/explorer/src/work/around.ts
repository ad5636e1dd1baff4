/**
 * @file Distances from one point: lines of equal distance over the plane, and which codes are nearest,
 * by geodesic and by the straight ruler. Two latent dimensions only: the front needs a plane.
 */
import type { Bounds, DistanceGrid } from "pullback-core";
import { InputError, isolines } from "pullback-core";

export interface AroundRequest {
  readonly source: readonly [number, number];
  /** Codes that are named, by either distance. */
  readonly nearest: number;
}

export interface Near {
  /** Row of the code. */
  readonly code: number;
  readonly distance: number;
}

export interface Around {
  readonly source: readonly [number, number];
  /** Lines in the plane's coordinates, [n, 2] each. */
  readonly lines: readonly { readonly distance: number; readonly paths: readonly Float64Array[] }[];
  readonly geodesic: readonly Near[];
  readonly euclidean: readonly Near[];
}

const lineCount = 9;

/** Throws `InputError` where the source is outside of the grid. */
export function around(
  grid: DistanceGrid,
  codes: Float32Array,
  { source, nearest }: AroundRequest,
): Around {
  const field = grid.from(source);
  const { bounds, grid: side } = grid;
  const n = codes.length / 2;
  const at = (code: number): [number, number] => [
    codes[2 * code] as number,
    codes[2 * code + 1] as number,
  ];
  const geodesic = Float64Array.from({ length: n }, (_, code) => field.at(at(code)));
  const euclidean = Float64Array.from({ length: n }, (_, code) => {
    const [x, y] = at(code);
    return Math.hypot(x - source[0], y - source[1]);
  });
  // A code that a person chose as the source is given to a few digits only.
  const [x0, x1, y0, y1] = bounds;
  const own = 1e-4 * Math.hypot(x1 - x0, y1 - y0);
  const others = Array.from(euclidean.keys()).filter((code) => (euclidean[code] as number) > own);
  const step = lineStep(n > 0 ? geodesic : field.distance);
  return {
    source,
    lines: Array.from({ length: lineCount }, (_, i) => {
      const distance = step * (i + 1);
      const paths = isolines(field.distance, side, side, distance).map((line) =>
        Float64Array.from(line.flatMap((point) => placed(point, bounds, side))),
      );
      return { distance, paths };
    }),
    geodesic: least(geodesic, others, nearest),
    euclidean: least(euclidean, others, nearest),
  };
}

/** A round step, so that the lines reach about as far as nine tenths of the codes. */
function lineStep(distances: Float64Array): number {
  const sorted = distances.filter(Number.isFinite).sort();
  const far = sorted[Math.floor(0.9 * (sorted.length - 1))];
  if (!far || !(far > 0))
    throw new InputError("distances: expected a point that a way leads from, found none");
  const raw = far / lineCount;
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) as number) * power;
}

function placed(
  [column, row]: readonly [number, number],
  [x0, x1, y0, y1]: Bounds,
  side: number,
): [number, number] {
  return [x0 + ((x1 - x0) * column) / (side - 1), y0 + ((y1 - y0) * row) / (side - 1)];
}

/** The nearest of some codes. */
function least(distances: Float64Array, codes: readonly number[], count: number): Near[] {
  return codes
    .map((code) => ({ code, distance: distances[code] as number }))
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count);
}
