/**
 * @file Lengths of geodesics between given pairs, nothing else of them: the exact method.
 *
 * Where there is a graph over the codes, each geodesic begins at its path on it: that is one curve a
 * pair instead of several, and a better one than the straight line.
 */
import type { ConnectOptions } from "../geodesic/index.ts";
import { connect } from "../geodesic/index.ts";
import { gaussNewton } from "../geodesic/solvers/gauss-newton.ts";
import type { Start } from "../start/index.ts";
import { straight } from "../start/index.ts";
import { pathsBetween } from "../start/paths.ts";
import type { DistanceGraph } from "./graph.ts";

export interface ExactOptions extends Omit<ConnectOptions, "pairs" | "starts"> {
  /** Codes [n, d]. */
  readonly points: Float64Array;
  /** Over the same codes. Without it the starts are those of `connect`. */
  readonly graph?: DistanceGraph;
}

/** Up to here a graph has further vertices among its codes, and its paths are good alone. */
const dense = 3;

/**
 * Length of the geodesic for each pair of indices, as `connect` finds it; 0 for a code and itself,
 * and for two equal ones. NaN where the decoder is not finite in between.
 */
export async function exactDistances(
  pairs: readonly (readonly [number, number])[],
  { points, graph, ...options }: ExactOptions,
): Promise<Float64Array> {
  const d = options.metric.dimension;
  const lengths = new Float64Array(pairs.length);
  const apart = pairs.flatMap(([a, b], i) => (equal(points, a, b, d) ? [] : [i]));
  if (apart.length === 0) return lengths;
  const ends = new Float64Array(apart.length * 2 * d);
  apart.forEach((pair, row) => {
    (pairs[pair] as readonly [number, number]).forEach((point, end) => {
      ends.set(points.subarray(point * d, (point + 1) * d), (2 * row + end) * d);
    });
  });
  const members = apart.map((i) => pairs[i] as readonly [number, number]);
  const { geodesics } = await connect({
    ...options,
    ...(graph && {
      starts: d <= dense ? [along(graph, members)] : [along(graph, members), straight],
      solver: gaussNewton,
    }),
    pairs: ends,
  });
  apart.forEach((pair, row) => {
    lengths[pair] = geodesics[row]?.length ?? Number.NaN;
  });
  return lengths;
}

/** The paths of pairs of codes on the graph, as a start for those pairs. */
function along(graph: DistanceGraph, members: readonly (readonly [number, number])[]): Start {
  return {
    name: "graph",
    propose: async ({ pairs }) => pathsBetween(graph, graph.points, pairs, members.flat()),
  };
}

function equal(points: Float64Array, a: number, b: number, d: number): boolean {
  for (let k = 0; k < d; k++) if (points[a * d + k] !== points[b * d + k]) return false;
  return true;
}
