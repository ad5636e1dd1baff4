/** @file Opens a path and hands its bytes to the reader of its format, which its ending names. */
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { NumericArray, ScalarType, Table, Tensor } from "pullback-core";
import { InputError, position, readCsv, readIdx, readNpy, toTensor } from "pullback-core";
import { naming, pathError } from "./reason.ts";

/** The bytes of a file, decompressed where it ends in `.gz`. Throws `InputError`, also if empty. */
export async function readBytes(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw pathError("read", path, error);
  }
  if (bytes.length === 0) throw new InputError(`cannot read ${path}: the file is empty`);
  if (!path.endsWith(".gz")) return plain(bytes);
  try {
    return plain(await promisify(gunzip)(bytes));
  } catch (error) {
    const { message } = error as Error;
    throw new InputError(`cannot read ${path}: expected gzip, got ${message}`, { cause: error });
  }
}

/** Not a Buffer of Node, whose `slice` is a view where every other typed array copies. */
const plain = ({ buffer, byteOffset, length }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, length);

const textual = /\.(csv|tsv|txt)$/i;

/** The reader of each ending; `.gz` may follow. */
const readers: readonly (readonly [RegExp, (bytes: Uint8Array) => NumericArray])[] = [
  [/\.npy$/i, readNpy],
  [textual, (bytes) => readCsv(new TextDecoder().decode(bytes)).values],
  [/(\.idx|[.-]idx\d-ubyte)$/i, readIdx],
];

/** The array in a `.npy`, `.csv`, `.tsv`, `.txt`, `.idx` or `…-idx3-ubyte` file, or its `.gz`. */
export async function readArray(path: string): Promise<NumericArray> {
  const name = path.replace(/\.gz$/, "");
  const reader = readers.find(([ending]) => ending.test(name))?.[1];
  if (!reader)
    throw new InputError(
      `cannot read ${path}: expected an ending of .npy, .csv, .tsv, .txt, .idx or -idx3-ubyte`,
    );
  const bytes = await readBytes(path);
  return naming(path, () => reader(bytes));
}

/** The array in a file, as a tensor of `type`. */
export async function readTensor<T extends ScalarType>(path: string, type: T): Promise<Tensor<T>> {
  const array = await readArray(path);
  return naming(path, () => toTensor(array, type));
}

/**
 * Rows of finite numbers, [n, columns]. Throws `InputError` naming row and column of the first NaN,
 * or the shape where it is no matrix of that many columns. Rows count from 1.
 */
export async function readMatrix<T extends "float32" | "float64">(
  path: string,
  type: T,
  columns?: number,
): Promise<Tensor<T>> {
  const values = await readTensor(path, type);
  const [n, width] = values.shape;
  const fits = values.shape.length === 2 && (columns === undefined || width === columns);
  if (!fits || !n || !width)
    throw new InputError(
      `${path}: expected rows of ${columns ?? "one or more"} numbers, got shape [${values.shape}]`,
    );
  checkFinite(path, values as Tensor<"float32" | "float64">);
  return values;
}

/**
 * Observations of the given shape one after another, [n, D]: in a file of rows of D numbers, or with
 * the shape itself; without the n it is one. Throws `InputError` where the file has another shape, or
 * not `count` observations.
 */
export async function readObservations(
  path: string,
  shape: readonly number[],
  count?: number,
): Promise<Float64Array> {
  const values = await readTensor(path, "float64");
  const D = shape.reduce((product, size) => product * size, 1);
  const given = values.shape;
  const fits = [[D], shape].some(
    (own) =>
      (given.length === own.length || given.length === own.length + 1) &&
      own.every((size, i) => size === given[given.length - own.length + i]),
  );
  const n = values.data.length / D;
  if (!fits || n === 0 || (count !== undefined && n !== count))
    throw new InputError(
      `${path}: expected ${count ?? "one or more"} ${count === 1 ? "row" : "rows"} of ${D} numbers, got shape [${given}]`,
    );
  checkFinite(path, values);
  return values.data;
}

/** Rows of finite numbers with the names of their columns, where the file has them. */
export async function readTable(path: string): Promise<Table> {
  if (!textual.test(path.replace(/\.gz$/, "")))
    return { values: await readMatrix(path, "float64") };
  const bytes = await readBytes(path);
  const table = await naming(path, () => readCsv(new TextDecoder().decode(bytes)));
  checkFinite(path, table.values);
  return table;
}

/** Throws `InputError` that says where the first NaN or infinity is. */
export function checkFinite(path: string, { data, shape }: Tensor<"float32" | "float64">): void {
  const at = (data as Float32Array).findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const indices = position(at, shape);
  const where =
    indices.length === 2
      ? `row ${(indices[0] as number) + 1}, column ${(indices[1] as number) + 1}`
      : `[${indices}]`;
  throw new InputError(`${path}: ${where}: expected a finite number, got ${data[at]}`);
}
