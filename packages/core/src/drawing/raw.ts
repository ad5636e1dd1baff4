/** @file Between the units of training and those of the data: degrees, metres, whatever was read. */
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import type { Scaling } from "../format/model.ts";

/**
 * Observations [n, D] in raw units: x scale + offset, column by column; a copy where there is no
 * scaling. Throws `InputError` where the scaling is of other columns.
 */
export function rawUnits(observations: FloatArray, scaling?: Scaling): Float64Array {
  return mapped(observations, scaling, (x, scale, offset) => x * scale + offset);
}

/** The way back, (x - offset) / scale, for what goes into an encoder. */
export function trainingUnits(observations: FloatArray, scaling?: Scaling): Float64Array {
  return mapped(observations, scaling, (x, scale, offset) => (x - offset) / scale);
}

function mapped(
  observations: FloatArray,
  scaling: Scaling | undefined,
  map: (x: number, scale: number, offset: number) => number,
): Float64Array {
  const result = Float64Array.from(observations);
  if (!scaling) return result;
  const { offset, scale } = scaling;
  const width = offset.length;
  if (width !== scale.length || width === 0 || result.length % width !== 0)
    throw new InputError(
      `drawing: expected observations of ${width} columns with as many scales, got ${result.length} numbers and ${scale.length} scales`,
    );
  for (let i = 0; i < result.length; i++)
    result[i] = map(result[i] as number, scale[i % width] as number, offset[i % width] as number);
  return result;
}
