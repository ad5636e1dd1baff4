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
    geodesic: least(geodesic, nearest),
    euclidean: least(euclidean, nearest),
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

/** The nearest codes; one that lies on the source itself is not told. */
function least(distances: Float64Array, count: number): Near[] {
  return Array.from(distances, (distance, code) => ({ code, distance }))
    .filter(({ distance }) => Number.isFinite(distance) && distance > 1e-9)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count);
}
