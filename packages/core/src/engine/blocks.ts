/**
 * @file Any number of rows through programs of a few fixed sizes.
 *
 * A program computes a fixed number of rows, so that it is compiled once. Work of any size is cut
 * into such blocks, and the last one is filled by repeating its last row.
 */
import { InputError } from "../array/errors.ts";
import type { ArrayOf, FloatArray, FloatType, Tensor } from "../array/tensor.ts";
import { sizeOf, zeros } from "../array/tensor.ts";
import type { Graph } from "../graph/graph.ts";
import type { Value } from "../graph/value.ts";
import { describeShape } from "../graph/value.ts";
import type { ProgramCache } from "./cache.ts";

/**
 * Rows of a block. The large one amortises the call, the small ones waste little; four times as many
 * rows take as long and four times the memory.
 */
export const blockSizes = [16, 64, 256, 1024] as const;

export interface Block {
  readonly start: number;
  /** Rows that matter; the rest of the block is padding. */
  readonly rows: number;
  /** Rows of the program. */
  readonly size: number;
}

/**
 * Cuts `total` rows into blocks of the given sizes. With `overlap` 1, each block begins with the
 * last row of the one before, so that neighbouring rows always meet in one block.
 */
export function cut(total: number, overlap = 0, sizes: readonly number[] = blockSizes): Block[] {
  const blocks: Block[] = [];
  for (let start = 0; start < total - (start > 0 ? overlap : 0); ) {
    const left = total - start;
    const size = fitting(left, sizes);
    const rows = Math.min(size, left);
    blocks.push({ start, rows, size });
    start += rows - overlap;
    if (rows === left) break;
  }
  return blocks;
}

/** The largest size that is at least three quarters full, or the smallest. */
function fitting(rows: number, sizes: readonly number[]): number {
  const full = sizes.filter((size) => rows >= 0.75 * size);
  return full.at(-1) ?? (sizes[0] as number);
}

export interface RowOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of rows that are done. */
  readonly onRows?: (done: number) => void;
  /** Rows of a block; small ones too where few rows are asked for over and over. */
  readonly sizes?: readonly number[];
}

/**
 * Runs a graph whose inputs and outputs have the symbol first, row by row independent, over as
 * many rows as the inputs have. Outputs come as float64, row-major. Throws `InputError` where an
 * input is missing, no whole number of rows, or as many rows as no other.
 */
export async function runRows(
  cache: ProgramCache,
  graph: Graph,
  inputs: Readonly<Record<string, Float64Array>>,
  { signal, onRows, sizes }: RowOptions = {},
): Promise<Readonly<Record<string, Float64Array>>> {
  const widths = widthsOf(graph.inputs);
  const outputWidths = widthsOf(graph.outputs);
  const total = countRows(widths, inputs);
  const results = Object.fromEntries(
    Object.entries(outputWidths).map(([key, width]) => [key, new Float64Array(total * width)]),
  );
  for (const block of cut(total, 0, sizes)) {
    signal?.throwIfAborted();
    const program = await cache.program(graph, block.size);
    const feeds = Object.fromEntries(
      Object.entries(widths).map(([key, width]) => {
        const { type, shape } = program.graph.inputs[key] as Value;
        const rows = inputs[key] as Float64Array;
        return [key, fillBlock(type as FloatType, shape as readonly number[], rows, width, block)];
      }),
    );
    const outputs = await program.run(feeds);
    for (const [key, width] of Object.entries(outputWidths)) {
      const data = (outputs[key] as Tensor).data as ArrayOf[FloatType];
      (results[key] as Float64Array).set(data.subarray(0, block.rows * width), block.start * width);
    }
    onRows?.(block.start + block.rows);
  }
  return results;
}

/** The rows of one block as an input, the last row repeated to the end. */
export function fillBlock(
  type: FloatType,
  shape: readonly number[],
  rows: FloatArray,
  width: number,
  { start, rows: count, size }: Block,
): Tensor<FloatType> {
  const filled = zeros<FloatType>(type, shape);
  filled.data.set(rows.subarray(start * width, (start + count) * width));
  const last = rows.subarray((start + count - 1) * width, (start + count) * width);
  for (let row = count; row < size; row++) filled.data.set(last, row * width);
  return filled;
}

/** Elements of a row, by name. */
function widthsOf(values: Graph["inputs"]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, { type, shape }]) => {
      const isFloat = type === "float32" || type === "float64";
      const [first, ...rest] = shape;
      if (first !== "n" || rest.includes("n") || !isFloat)
        throw new InputError(
          `runRows: expected ${name} of float rows [n, ...], got ${type}${describeShape(shape)}`,
        );
      return [name, sizeOf(rest as number[])];
    }),
  );
}

function countRows(
  widths: Readonly<Record<string, number>>,
  inputs: Readonly<Record<string, Float64Array>>,
): number {
  let total: number | undefined;
  for (const [name, width] of Object.entries(widths)) {
    const given = inputs[name];
    if (!given) throw new InputError(`runRows: expected rows for the input ${name}, got nothing`);
    const rows = given.length / width;
    if (!Number.isInteger(rows) || rows !== (total ?? rows))
      throw new InputError(
        `runRows: expected ${total ?? "some"} rows of ${width} numbers for ${name}, got ${given.length} numbers`,
      );
    total = rows;
  }
  return total ?? 0;
}
