/**
 * @file A graph over latent codes on which shortest paths are nearly as long as geodesics.
 *
 * Each vertex is joined to the nearest in the metric, out of more that are nearest in latent space:
 * the pull-back metric stretches some directions tenfold, and the latent neighbours are then the
 * wrong ones. Edges weigh their length along the straight latent segment. In up to three dimensions
 * a lattice of further vertices carries the long ways, evenly; codes are joined to it, and to some
 * codes nearby.
 *
 * Distances are upper bounds but for the curvature within an edge; `sampledError` says by how much.
 */
import { InputError } from "../array/errors.ts";
import { distance } from "../array/linear.ts";
import { joinRows } from "../array/rows.ts";
import { innerProduct } from "../array/solve.ts";
import { edgeLengths } from "../curve/edges.ts";
import type { Evaluator } from "../curve/evaluator.ts";
import { evaluator } from "../curve/evaluator.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Metric } from "../metric/metric.ts";
import { bridges } from "../neighbourhood/bridges.ts";
import { nearest } from "../neighbourhood/nearest.ts";
import type { SparseGraph } from "../neighbourhood/sparse.ts";
import { sparseGraph } from "../neighbourhood/sparse.ts";
import { latticeAround } from "./lattice.ts";

export interface GraphOptions {
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** Codes [n, d]. */
  readonly points: Float64Array;
  /** Edges of a vertex, 24 by default. */
  readonly neighbours?: number;
  /** Latent neighbours among which they are chosen, 160 by default. */
  readonly candidates?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** A graph whose first `codes` vertices are the given codes. */
export interface DistanceGraph extends SparseGraph {
  readonly codes: number;
  /** All vertices in latent space, [vertices, d]. */
  readonly points: Float64Array;
}

/** Straight pieces along which the length of an edge is summed. */
const edgeParts = 4;
/** Edges measured in one batch. */
const batch = 16_384;
/** Above this the tensor costs more than the images whose chords stand in for it. */
const tensorDimensions = 8;
/** From here on neighbours in many dimensions are approximate. */
const exactPoints = 50_000;
const approximateLeaves = 200;

/** The graph over codes. Throws `InputError` where there are fewer than two, or the map is not finite. */
export async function distanceGraph(options: GraphOptions): Promise<DistanceGraph> {
  const { cache, metric, neighbours = 24, candidates = 160, signal, onProgress } = options;
  const d = metric.dimension;
  const codes = options.points.length / d;
  if (!Number.isInteger(codes) || codes < 2)
    throw new InputError(`distances: expected two or more codes of ${d} numbers, got ${codes}`);
  const lattice = latticeAround(options.points, d, options.seed ?? 1);
  const points = joinRows([options.points, lattice]);
  const vertices = points.length / d;
  const evaluate = evaluator(cache, metric, signal);
  const square = await squaredLength(evaluate, points);
  const rank = { d, square, neighbours, candidates, signal };
  const chosen = lattice.length > 0 ? layered(points, codes, rank) : nearestIn(points, 0, rank);
  onProgress?.(0.2);

  const edges = uniqueEdges(chosen);
  const unweighted = sparseGraph(
    vertices,
    edges.from,
    edges.to,
    new Float64Array(edges.from.length),
  );
  const joined = bridges(unweighted, points, d);
  const from = joinedWith(
    edges.from,
    joined.map(([a]) => a),
  );
  const to = joinedWith(
    edges.to,
    joined.map(([, b]) => b),
  );
  const lengths = new Float64Array(from.length);
  for (let first = 0; first < from.length; first += batch) {
    const last = Math.min(from.length, first + batch);
    const ends = [from.subarray(first, last), to.subarray(first, last)] as const;
    lengths.set(await edgeLengths(evaluate, points, ...ends, edgeParts), first);
    onProgress?.(0.2 + (0.8 * last) / from.length);
  }
  const bad = lengths.findIndex((length) => !Number.isFinite(length));
  if (bad >= 0)
    throw new InputError(
      `distances: the decoder is not finite between the codes ${from[bad]} and ${to[bad]}`,
    );
  return { ...sparseGraph(vertices, from, to, lengths), codes, points };
}

interface Ranking {
  readonly d: number;
  /** Squared length between two vertices. */
  readonly square: (a: number, b: number) => number;
  readonly neighbours: number;
  readonly candidates: number;
  readonly signal?: AbortSignal | undefined;
}

/** Neighbours of each vertex, from the first vertex on. */
type Choices = readonly (readonly number[])[];

/**
 * The lattice among itself; codes to the lattice and to other codes, half as many each. Codes further
 * apart than neighbours on the lattice go by it: a long edge is no part of a curved way.
 */
function layered(points: Float64Array, codes: number, rank: Ranking): Choices {
  const { d, neighbours } = rank;
  const half = { ...rank, neighbours: Math.ceil(neighbours / 2) };
  const own = points.subarray(0, codes * d);
  const lattice = points.subarray(codes * d);
  const among = nearestIn(own, 0, half);
  const entries = nearestIn(lattice, codes, half, own);
  const along = nearestIn(lattice, codes, rank, undefined, codes);
  const apart = (a: number, b: number): number => distance(points, a * d, points, b * d, d);
  const longest = along.reduce(
    (most, near, i) => near.reduce((top, b) => Math.max(top, apart(codes + i, b)), most),
    0,
  );
  return [
    ...among.map((near, code) => [
      ...near.filter((other) => apart(code, other) <= longest),
      ...(entries[code] as readonly number[]),
    ]),
    ...along,
  ];
}

/**
 * The candidates of each query that are nearest in the metric. `points` are the vertices from `first`
 * on, `queries` those from `start` on; the points themselves by default.
 */
function nearestIn(
  points: Float64Array,
  first: number,
  { d, square, neighbours, candidates, signal }: Ranking,
  queries?: Float64Array,
  start = 0,
): Choices {
  const count = points.length / d;
  const wide = Math.min(Math.max(candidates, neighbours), queries ? count : count - 1);
  const kept = Math.min(neighbours, wide);
  const leaves = count > exactPoints && d > 8 ? approximateLeaves : Number.POSITIVE_INFINITY;
  const table = nearest(points, d, wide, {
    leaves,
    ...(queries && { queries }),
    ...(signal && { signal }),
  });
  const keys = new Float64Array(wide);
  const places = Array.from({ length: wide }, (_, i) => i);
  return Array.from({ length: (queries ?? points).length / d }, (_, row) => {
    const at = (i: number): number => table[row * wide + i] as number;
    for (let i = 0; i < wide; i++) {
      const key = at(i) < 0 ? Number.NaN : square(start + row, first + at(i));
      keys[i] = Number.isNaN(key) ? Number.POSITIVE_INFINITY : key;
    }
    const order = places.toSorted((i, j) => (keys[i] as number) - (keys[j] as number) || i - j);
    return order.slice(0, kept).flatMap((i) => (at(i) < 0 ? [] : [first + at(i)]));
  });
}

/** Squared length between two vertices: by the mean of their two metrics, or as the chord. */
async function squaredLength(
  evaluate: Evaluator,
  points: Float64Array,
): Promise<(a: number, b: number) => number> {
  const d = evaluate.metric.dimension;
  if (evaluate.metric.kind === "map" && d > tensorDimensions) {
    const images = Float32Array.from(await evaluate.images(points));
    const D = (images.length / points.length) * d;
    return (a, b) => {
      let sum = 0;
      for (let i = 0; i < D; i++)
        sum += ((images[a * D + i] as number) - (images[b * D + i] as number)) ** 2;
      return sum;
    };
  }
  const tensors = await evaluate.tensors(points);
  const step = new Float64Array(d);
  return (a, b) => {
    for (let i = 0; i < d; i++)
      step[i] = (points[b * d + i] as number) - (points[a * d + i] as number);
    return (
      innerProduct(tensors, a * d * d, step, step) + innerProduct(tensors, b * d * d, step, step)
    );
  };
}

/** Each pair that one of the two chose, once, in the order of the choices. */
function uniqueEdges(choices: Choices): { readonly from: Int32Array; readonly to: Int32Array } {
  const from: number[] = [];
  const to: number[] = [];
  choices.forEach((near, a) => {
    for (const b of near) {
      if (b < a && choices[b]?.includes(a)) continue;
      from.push(a);
      to.push(b);
    }
  });
  return { from: Int32Array.from(from), to: Int32Array.from(to) };
}

function joinedWith(ends: Int32Array, more: readonly number[]): Int32Array {
  const all = new Int32Array(ends.length + more.length);
  all.set(ends);
  all.set(more, ends.length);
  return all;
}
