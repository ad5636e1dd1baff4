/** @file Codes of observations that a model was not trained on. */
import type { ProgramCache, Tensor } from "pullback-core";
import { random, runRows, zeros } from "pullback-core";
import { readEncoder, readModel } from "../files/model-folder.ts";

/** Means of q(z|x) of observations [n, D], by the encoder in a model folder: [n, d]. */
export async function encoded(
  cache: ProgramCache,
  folder: string,
  { data }: Tensor<"float32">,
): Promise<Float64Array> {
  const { graph } = await readEncoder(await readModel(folder));
  return (await runRows(cache, graph, { x: Float64Array.from(data) })).mean as Float64Array;
}

/** At most so many held-out observations, drawn at random: files may be sorted by class. */
export function drawnRows(n: number, most: number, seed: number): readonly number[] {
  const order = random(seed, "held-out", "rows").permutation(n);
  return [...order.subarray(0, Math.min(n, most))].sort((a, b) => a - b);
}

/** Those rows of observations. */
export function rowsAt({ shape, data }: Tensor<"float32">, rows: readonly number[]) {
  const width = shape[1] as number;
  const kept = zeros("float32", [rows.length, width]);
  rows.forEach((row, i) => {
    kept.data.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return kept;
}
