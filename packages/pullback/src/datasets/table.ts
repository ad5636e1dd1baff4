/** @file A matrix of numbers from `.npy` or `.csv`: rows are observations, columns are scaled. */
import { basename } from "node:path";
import type { Scaling, Tensor } from "pullback-core";
import { InputError, tensorFrom, trainingUnits } from "pullback-core";
import { readTable } from "../files/read.ts";
import type { Dataset, DatasetOptions } from "./dataset.ts";
import { split } from "./split.ts";

/** Throws `InputError` for a file that is no table, and for NaN, with row and column. */
export async function table(options: DatasetOptions = {}): Promise<Dataset> {
  const { data, seed = 1, scaling: kind = "standardise" } = options;
  if (data === undefined)
    throw new InputError("table: expected --data FILE.npy or FILE.csv, got nothing");
  const { header, values } = await readTable(data);
  const scaling = kind === "none" ? undefined : scalingOf(values, kind);
  const [, columns] = values.shape as [number, number];
  const rows = tensorFrom("float32", values.shape, trainingUnits(values.data, scaling));
  return {
    name: basename(data).replace(/(\.\w+)+$/, ""),
    ...split(rows, seed, "table"),
    observationShape: [columns],
    drawing: { kind: "curve", ...(header ? { names: [...header] } : {}) },
    likelihood: "gaussian",
    ...(scaling ? { scaling } : {}),
  };
}

/** Of each column; a column that never changes is only moved. */
function scalingOf({ data, shape }: Tensor<"float64">, kind: "standardise" | "minmax"): Scaling {
  const [n, columns] = shape as [number, number];
  const offset: number[] = [];
  const scale: number[] = [];
  for (let column = 0; column < columns; column++) {
    let [sum, low, high] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = column; i < data.length; i += columns) {
      const value = data[i] as number;
      sum += value;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const mean = sum / n;
    let squares = 0;
    for (let i = column; i < data.length; i += columns)
      squares += ((data[i] as number) - mean) ** 2;
    const spread = low === high ? 1 : kind === "minmax" ? high - low : Math.sqrt(squares / n);
    offset.push(kind === "minmax" ? low : mean);
    scale.push(spread);
  }
  return { offset, scale };
}
