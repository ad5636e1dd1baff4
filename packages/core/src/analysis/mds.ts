/**
 * @file Points in few dimensions whose Euclidean distances are those of a matrix, as well as can be.
 *
 * Classical scaling (Torgerson 1952): the leading eigenvectors of the doubly centred squares, by
 * subspace iteration. SMACOF (de Leeuw 1977): raw stress, made smaller by Guttman's transform from
 * there. Both need a few products with the n x n matrix and no other memory of that size.
 */
import { symmetricEigen } from "../array/eigen.ts";
import { random } from "../array/random.ts";
import type { FloatArray } from "../array/tensor.ts";
import { squareSize } from "./matrix.ts";

export interface Embedding {
  /** [n, dimensions] */
  readonly points: Float64Array;
  readonly dimensions: number;
  /** sqrt(sum (d - delta)^2 / sum delta^2) over all pairs: 0 where all distances are kept. */
  readonly stress: number;
}

export interface EmbeddingOptions {
  /** 2 by default. */
  readonly dimensions?: number;
  readonly seed?: number;
  /** Steps of SMACOF, 300 by default. */
  readonly maxIterations?: number;
}

/** Classical multidimensional scaling. Throws `InputError` for what is no matrix of distances. */
export function classicalScaling(
  distances: FloatArray,
  { dimensions = 2, seed = 1 }: EmbeddingOptions = {},
): Embedding {
  const n = squareSize("embedding", distances);
  const product = centredSquares(distances, n);
  // A few more vectors than are wanted make the wanted ones converge sooner.
  const width = Math.min(n, dimensions + 4);
  const draw = random(seed, "embedding", "mds");
  let basis = orthonormal(
    Float64Array.from({ length: n * width }, () => draw.normal()),
    n,
    width,
  );
  let [values, before] = [new Float64Array(width), Number.POSITIVE_INFINITY];
  for (let step = 0; step < 200; step++) {
    const image = product(basis, width);
    const projected = gram(basis, image, n, width);
    const { values: found, vectors } = symmetricEigen(projected, width);
    values = Float64Array.from(found);
    basis = orthonormal(rotated(image, vectors, n, width), n, width);
    const sum = values.subarray(0, dimensions).reduce((total, x) => total + x, 0);
    if (Math.abs(sum - before) <= 1e-9 * Math.abs(sum)) break;
    before = sum;
  }
  const image = product(basis, width);
  const { values: last, vectors } = symmetricEigen(gram(basis, image, n, width), width);
  const turned = rotated(basis, vectors, n, width);
  const points = new Float64Array(n * dimensions);
  for (let k = 0; k < Math.min(dimensions, width); k++) {
    const scale = Math.sqrt(Math.max(0, last[k] as number));
    for (let i = 0; i < n; i++)
      points[i * dimensions + k] = scale * (turned[i * width + k] as number);
  }
  return { points, dimensions, stress: stressOf(distances, points, n, dimensions) };
}

/** Scaling by majorisation, from the classical one. The stress never grows from step to step. */
export function smacof(
  distances: FloatArray,
  { dimensions = 2, seed = 1, maxIterations = 300 }: EmbeddingOptions = {},
): Embedding {
  const n = squareSize("embedding", distances);
  let { points, stress } = classicalScaling(distances, { dimensions, seed });
  for (let step = 0; step < maxIterations; step++) {
    const next = guttman(distances, points, n, dimensions);
    const changed = stressOf(distances, next, n, dimensions);
    if (!(changed < stress)) break;
    const gain = stress - changed;
    [points, stress] = [next, changed];
    if (gain < 1e-6 * stress) break;
  }
  return { points, dimensions, stress };
}

/** Products of -1/2 C D^2 C with n rows of `width` numbers, C the centring matrix. */
function centredSquares(
  distances: FloatArray,
  n: number,
): (rows: Float64Array, width: number) => Float64Array {
  const means = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (distances[i * n + j] as number) ** 2;
    means[i] = sum / n;
    total += sum / n / n;
  }
  return (rows, width) => {
    const result = new Float64Array(n * width);
    const line = new Float64Array(width);
    for (let i = 0; i < n; i++) {
      line.fill(0);
      const own = total - (means[i] as number);
      for (let j = 0; j < n; j++) {
        const b = -0.5 * ((distances[i * n + j] as number) ** 2 - (means[j] as number) + own);
        for (let k = 0; k < width; k++)
          line[k] = (line[k] as number) + b * (rows[j * width + k] as number);
      }
      result.set(line, i * width);
    }
    return result;
  };
}

/** Columns made orthonormal, one after another (modified Gram and Schmidt). */
function orthonormal(rows: Float64Array, n: number, width: number): Float64Array<ArrayBuffer> {
  const result = rows.slice();
  const column = (k: number, i: number): number => i * width + k;
  for (let k = 0; k < width; k++) {
    // Twice is enough.
    for (let round = 0; round < 2; round++)
      for (let l = 0; l < k; l++) {
        let dot = 0;
        for (let i = 0; i < n; i++)
          dot += (result[column(k, i)] as number) * (result[column(l, i)] as number);
        for (let i = 0; i < n; i++)
          result[column(k, i)] =
            (result[column(k, i)] as number) - dot * (result[column(l, i)] as number);
      }
    let square = 0;
    for (let i = 0; i < n; i++) square += (result[column(k, i)] as number) ** 2;
    const scale = square > 1e-280 ? 1 / Math.sqrt(square) : 0;
    for (let i = 0; i < n; i++) result[column(k, i)] = scale * (result[column(k, i)] as number);
  }
  return result;
}

/** A^T B, made symmetric. */
function gram(a: Float64Array, b: Float64Array, n: number, width: number): Float64Array {
  const result = new Float64Array(width * width);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < width; k++)
      for (let l = 0; l < width; l++) {
        const half = 0.5 * (a[i * width + k] as number) * (b[i * width + l] as number);
        result[k * width + l] = (result[k * width + l] as number) + half;
        result[l * width + k] = (result[l * width + k] as number) + half;
      }
  return result;
}

/** Rows times the transpose of `vectors`, whose rows are the new axes. */
function rotated(
  rows: Float64Array,
  vectors: Float64Array,
  n: number,
  width: number,
): Float64Array {
  const result = new Float64Array(n * width);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < width; k++) {
      let sum = 0;
      for (let l = 0; l < width; l++)
        sum += (rows[i * width + l] as number) * (vectors[k * width + l] as number);
      result[i * width + k] = sum;
    }
  return result;
}

function between(points: Float64Array, i: number, j: number, width: number): number {
  let square = 0;
  for (let k = 0; k < width; k++)
    square += ((points[i * width + k] as number) - (points[j * width + k] as number)) ** 2;
  return Math.sqrt(square);
}

function stressOf(distances: FloatArray, points: Float64Array, n: number, width: number): number {
  let [lost, all] = [0, 0];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const delta = distances[i * n + j] as number;
      lost += (between(points, i, j, width) - delta) ** 2;
      all += delta * delta;
    }
  return all > 0 ? Math.sqrt(lost / all) : 0;
}

/** x_i <- 1/n sum_j (delta_ij / d_ij) (x_i - x_j), for points whose mean is zero. */
function guttman(
  distances: FloatArray,
  points: Float64Array,
  n: number,
  width: number,
): Float64Array {
  const next = new Float64Array(points.length);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const d = i === j ? 0 : between(points, i, j, width);
      if (d === 0) continue;
      const ratio = (distances[i * n + j] as number) / d / n;
      for (let k = 0; k < width; k++) {
        const at = i * width + k;
        next[at] =
          (next[at] as number) +
          ratio * ((points[at] as number) - (points[j * width + k] as number));
      }
    }
  return next;
}
