/** @file Codes of observations that a model was not trained on. */
import type { ProgramCache, Tensor } from "pullback-core";
import { runRows } from "pullback-core";
import { readEncoder, readModel } from "../../files/model-folder.ts";

/** Means of q(z|x) of observations [n, D], by the encoder in a model folder: [n, d]. */
export async function encoded(
  cache: ProgramCache,
  folder: string,
  { data }: Tensor<"float32">,
): Promise<Float64Array> {
  const { graph } = await readEncoder(await readModel(folder));
  return (await runRows(cache, graph, { x: Float64Array.from(data) })).mean as Float64Array;
}

/** The first rows of observations. */
export function firstRows({ shape, data }: Tensor<"float32">, most: number): Tensor<"float32"> {
  const [n, width] = shape as [number, number];
  const count = Math.min(n, most);
  return { type: "float32", shape: [count, width], data: data.subarray(0, count * width) };
}
