/** @file From the units of training back to those of the data: degrees, metres, whatever was read. */
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import type { Scaling } from "../format/model.ts";

/**
 * Observations [n, D] in raw units: x scale + offset, column by column; a copy where there is no
 * scaling. Throws `InputError` where the scaling is of other columns.
 */
export function rawUnits(observations: FloatArray, scaling?: Scaling): Float64Array {
  const raw = Float64Array.from(observations);
  if (!scaling) return raw;
  const { offset, scale } = scaling;
  const width = offset.length;
  if (width !== scale.length || width === 0 || raw.length % width !== 0)
    throw new InputError(
      `drawing: expected observations of ${width} columns with as many scales, got ${raw.length} numbers and ${scale.length} scales`,
    );
  for (let i = 0; i < raw.length; i++)
    raw[i] = (raw[i] as number) * (scale[i % width] as number) + (offset[i % width] as number);
  return raw;
}
