/** @file A matrix of distances from a file, with the codes that it is of, where they are known. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Tensor } from "pullback-core";
import { InputError } from "pullback-core";
import * as zarr from "zarrita";
import { fileStore } from "./distance-store.ts";
import { readArray, readMatrix, readTensor } from "./read.ts";

export interface DistanceMatrix {
  readonly n: number;
  /** [n, n] */
  readonly distances: Float32Array;
  /** Codes in the same order, [n, d]. */
  readonly codes?: Tensor<"float64">;
}

/** Above this a matrix does not fit into memory here. */
const most = 30_000;

/**
 * A square matrix from `.npy`, `.csv` or `.zarr`; `latents` are its codes, which a store of this program
 * brings along. Throws `InputError` where it is not square, not all distances (a store that is not whole is full of
 * NaN), or the codes are not as many.
 */
export async function readDistances(path: string, latents?: string): Promise<DistanceMatrix> {
  const isZarr = /\.zarr\/?$/i.test(path);
  const { shape, data } = isZarr ? await readZarr(path) : await readTensor(path, "float32");
  const [n = 0, columns] = shape;
  if (shape.length !== 2 || n !== columns || n < 2)
    throw new InputError(
      `${path}: expected distances of all pairs, n x n, got shape [${shape}]; a matrix to landmarks is not enough here`,
    );
  const bad = (data as Float32Array).findIndex(
    (distance) => !(distance >= 0 && distance < Infinity),
  );
  if (bad >= 0)
    throw new InputError(
      `${path}: expected distances, got ${data[bad]} in row ${Math.floor(bad / n)}, column ${bad % n} (from 0)${isZarr ? "; where tiles are missing, pullback distances --resume computes them" : ""}`,
    );
  const beside = join(path, "pullback", "codes.npy");
  const source = latents ?? (isZarr && existsSync(beside) ? beside : undefined);
  const codes = source ? await readMatrix(source, "float64") : undefined;
  if (codes && codes.shape[0] !== n)
    throw new InputError(
      `${source}: expected ${n} codes, as many as distances, got ${codes.shape[0]}`,
    );
  return { n, distances: data as Float32Array, ...(codes && { codes }) };
}

async function readZarr(path: string): Promise<{ shape: readonly number[]; data: Float32Array }> {
  let array: zarr.Array<zarr.DataType>;
  try {
    array = await zarr.open(zarr.root(fileStore(path)), { kind: "array" });
  } catch (error) {
    throw new InputError(`${path}: expected a zarr array, got ${(error as Error).message}`);
  }
  if (array.shape.some((size) => size > most))
    throw new InputError(`${path}: expected up to ${most} points, got shape [${array.shape}]`);
  const { data, shape } = await zarr.get(array);
  return { shape, data: Float32Array.from(data as ArrayLike<number>) };
}

/** Classes, one a point: whole numbers from 0. */
export async function readLabels(path: string, count: number): Promise<number[]> {
  const array = await readArray(path);
  const labels = Array.from(array.data as ArrayLike<number | bigint>, Number);
  const wrong = labels.find((label) => !Number.isInteger(label) || label < 0);
  if (labels.length !== count || wrong !== undefined)
    throw new InputError(
      `${path}: expected ${count} classes, whole numbers from 0, one for each point, got ${wrong ?? labels.length}`,
    );
  return labels;
}
