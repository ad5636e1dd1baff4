/**
 * @file How well classes are told apart by a distance: what Section 4.4 of the paper concludes from
 * Fig. 6, measured.
 *
 * Two answers from a matrix of distances: the share of points whose nearest neighbours agree on
 * their class, and the silhouette (Rousseeuw 1987). Then both, on the same codes, for Euclidean
 * distance in latent space and for geodesic distance, and whether they differ.
 */
import { InputError } from "../array/errors.ts";
import { distance } from "../array/linear.ts";
import type { FloatArray } from "../array/tensor.ts";
import { firstNonFinite } from "../array/tensor.ts";
import { distanceGraph } from "../distance/graph.ts";
import { graphDistances } from "../distance/matrix.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Metric } from "../metric/metric.ts";
import { majority } from "./classes.ts";
import type { Discordance, SignedRanks } from "./paired.ts";
import { mcNemar, signedRanks } from "./paired.ts";
import { mean, standardErrorOfMean } from "./statistics.ts";

export interface NeighbourAccuracy {
  /** Share of the points whose class is that of their neighbours. */
  readonly accuracy: number;
  /** Binomial. */
  readonly standardError: number;
  /** 1 where it is, [n]. */
  readonly correct: Uint8Array;
}

export interface Silhouette {
  readonly mean: number;
  /** As if points were independent; they share their neighbours, so it is a little small. */
  readonly standardError: number;
  /** (b - a) / max(a, b) from -1 to 1, [n]; 0 for the only point of its class. */
  readonly values: Float64Array;
}

export interface Separation {
  readonly neighbours: NeighbourAccuracy;
  readonly silhouette: Silhouette;
}

/**
 * Each point is given the class of most of its k nearest others; of classes with equally many, that
 * of the nearest. Throws `InputError` where matrix and labels disagree.
 */
export function neighbourAccuracy(
  distances: FloatArray,
  labels: ArrayLike<number>,
  k = 5,
): NeighbourAccuracy {
  const n = check(distances, labels);
  if (!Number.isInteger(k) || k < 1 || k >= n)
    throw new InputError(`separation: expected 1 to ${n - 1} neighbours of ${n} points, got ${k}`);
  const correct = new Uint8Array(n);
  const others = Array.from({ length: n }, (_, j) => j);
  for (let i = 0; i < n; i++) {
    const to = (j: number): number => distances[i * n + j] as number;
    const near = others.filter((j) => j !== i).sort((a, b) => to(a) - to(b));
    correct[i] = majority(near.slice(0, k), labels) === labels[i] ? 1 : 0;
  }
  const accuracy = mean(correct);
  return { accuracy, standardError: Math.sqrt((accuracy * (1 - accuracy)) / n), correct };
}

/**
 * Mean distance a to a point's own class against mean distance b to the nearest other one. Throws
 * `InputError` where matrix and labels disagree, and for fewer than two classes.
 */
export function silhouette(distances: FloatArray, labels: ArrayLike<number>): Silhouette {
  const n = check(distances, labels);
  const classes = [...new Set(Array.from(labels))];
  if (classes.length < 2)
    throw new InputError(`silhouette: expected two classes or more, got ${classes.length}`);
  const index = new Map(classes.map((label, c) => [label, c]));
  const of = Array.from(labels, (label) => index.get(label) as number);
  const sizes = classes.map((_, c) => of.filter((other) => other === c).length);
  const values = Float64Array.from(of, (own, i) => {
    const sums = classes.map(() => 0);
    for (let j = 0; j < n; j++)
      sums[of[j] as number] = (sums[of[j] as number] as number) + (distances[i * n + j] as number);
    const size = sizes[own] as number;
    if (size === 1) return 0;
    const a = (sums[own] as number) / (size - 1);
    const others = sums.map((sum, c) => (c === own ? Infinity : sum / (sizes[c] as number)));
    const b = Math.min(...others);
    return a === b ? 0 : (b - a) / Math.max(a, b);
  });
  return { mean: mean(values), standardError: standardErrorOfMean(values), values };
}

/** Number of points. */
function check(distances: FloatArray, labels: ArrayLike<number>): number {
  const n = labels.length;
  if (n < 2 || distances.length !== n * n)
    throw new InputError(
      `separation: expected a matrix of ${n} x ${n} distances for ${n} labels, got ${distances.length} numbers`,
    );
  const bad = firstNonFinite(distances);
  if (bad >= 0)
    throw new InputError(
      `separation: expected finite distances, got ${distances[bad]} from point ${Math.floor(bad / n)} to ${bad % n}`,
    );
  return n;
}

export interface ClassSeparationOptions {
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** Codes of observations that the model was not trained on, [n, d]. */
  readonly codes: FloatArray;
  readonly labels: ArrayLike<number>;
  /** Neighbours that vote, 5 by default. */
  readonly k?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

export interface ClassSeparation {
  readonly points: number;
  readonly k: number;
  readonly euclidean: Separation;
  readonly geodesic: Separation;
  /** Points that only one of the two puts into their class: first Euclidean, second geodesic. */
  readonly accuracyTest: Discordance;
  readonly silhouetteTest: SilhouetteTest;
}

export interface SilhouetteTest extends SignedRanks {
  /** Mean of geodesic less Euclidean, point by point, with its standard error. */
  readonly difference: number;
  readonly standardError: number;
}

/**
 * Classes under Euclidean latent distance and under geodesic distance, by shortest paths on a graph, on
 * the same codes.
 */
export async function classSeparation(options: ClassSeparationOptions): Promise<ClassSeparation> {
  const { cache, metric, codes, labels, k = 5, seed, signal, onProgress } = options;
  const [n, d] = [labels.length, metric.dimension];
  if (codes.length !== d * n)
    throw new InputError(
      `class separation: expected ${d} coordinates for each of ${n} labels, got ${codes.length} numbers`,
    );
  const graph = await distanceGraph({
    ...{ cache, metric, points: Float64Array.from(codes) },
    ...(seed !== undefined && { seed }),
    ...(signal && { signal }),
    onProgress: (done) => onProgress?.(done / 2),
  });
  const along = await graphDistances(graph, {
    signal,
    onProgress: (done) => onProgress?.((1 + done) / 2),
  });
  const separation = (matrix: FloatArray): Separation => ({
    neighbours: neighbourAccuracy(matrix, labels, k),
    silhouette: silhouette(matrix, labels),
  });
  const euclidean = separation(euclideanDistances(codes, d));
  const geodesic = separation(along);
  const [straight, curved] = [euclidean.silhouette.values, geodesic.silhouette.values];
  const differences = curved.map((value, i) => value - (straight[i] as number));
  return {
    points: n,
    k,
    euclidean,
    geodesic,
    accuracyTest: mcNemar(euclidean.neighbours.correct, geodesic.neighbours.correct),
    silhouetteTest: {
      ...signedRanks(curved, straight),
      difference: mean(differences),
      standardError: standardErrorOfMean(differences),
    },
  };
}

/** Between codes [n, d]: [n, n]. */
export function euclideanDistances(codes: FloatArray, d: number): Float64Array {
  const n = codes.length / d;
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) result[i * n + j] = distance(codes, i * d, codes, j * d, d);
  return result;
}
