/**
 * @file The path along the data between two observations with a known value, such as an angle:
 * through the mean code of each bin of the value that lies between them (Fig. 3 and 4 of the
 * paper). It knows the truth, so it shows what a geodesic could be; it is not a shortest path.
 */
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Decoder } from "../model/decoder.ts";
import type { Curve } from "./along.ts";
import { decodeAt } from "./along.ts";

export interface ValuedCodes {
  /** [n, d]. */
  readonly latents: FloatArray;
  readonly values: ArrayLike<number>;
  /** Where the values wrap around. */
  readonly period: number;
}

/** Mean codes of equal bins of the value, in order; bins without a code are left out. */
export interface Spine {
  readonly period: number;
  readonly bins: readonly { readonly value: number; readonly code: readonly number[] }[];
}

export function spine({ latents, values, period }: ValuedCodes, bins = 72): Spine {
  const n = values.length;
  const d = latents.length / n;
  if (!(n > 0) || !(period > 0))
    throw new InputError(`spine: expected codes and a period above 0, got ${n} and ${period}`);
  const sums = Array.from({ length: bins }, () => ({ count: 0, sum: Array<number>(d).fill(0) }));
  for (let i = 0; i < n; i++) {
    const turns = (values[i] as number) / period;
    const bin = sums[Math.floor((turns - Math.floor(turns)) * bins) % bins] as (typeof sums)[0];
    bin.count++;
    for (let k = 0; k < d; k++)
      bin.sum[k] = (bin.sum[k] as number) + (latents[i * d + k] as number);
  }
  return {
    period,
    bins: sums.flatMap(({ count, sum }, bin) =>
      count
        ? [{ value: ((bin + 0.5) * period) / bins, code: sum.map((total) => total / count) }]
        : [],
    ),
  };
}

export interface ValuedPoint {
  readonly code: readonly number[];
  readonly value: number;
}

/** From one point to the other along the spine, the shorter way round in the value. */
export function dataPath({ period, bins }: Spine, from: ValuedPoint, to: ValuedPoint): Curve {
  const wrap = (value: number): number => value - period * Math.floor(value / period);
  const forward = wrap(to.value - from.value);
  const direction = forward <= period / 2 ? 1 : -1;
  const total = direction > 0 ? forward : period - forward;
  const between = bins
    .map(({ value, code }) => ({ ahead: wrap(direction * (value - from.value)), code }))
    .filter(({ ahead }) => ahead > 0 && ahead < total)
    .sort((a, b) => a.ahead - b.ahead);
  return [from.code, ...between.map(({ code }) => code), to.code];
}

/**
 * Lengths of polylines in data space: `steps` chords to each of their segments, all decoded
 * together. A chord sum: low by O(steps^-2).
 */
export async function polylineLengths(
  cache: ProgramCache,
  decoder: Decoder,
  curves: readonly Curve[],
  steps = 16,
): Promise<number[]> {
  const dense = curves.map((curve) => subdivide(curve, steps));
  const rows = await decodeAt(cache, decoder, dense.flat());
  const D = decoder.dataDimension;
  let row = 0;
  return dense.map((points) => {
    let length = 0;
    for (let i = 1; i < points.length; i++) {
      let square = 0;
      for (let k = 0; k < D; k++)
        square +=
          ((rows[(row + i) * D + k] as number) - (rows[(row + i - 1) * D + k] as number)) ** 2;
      length += Math.sqrt(square);
    }
    row += points.length;
    return length;
  });
}

function subdivide(curve: Curve, steps: number): number[][] {
  const points = curve.slice(1).flatMap((to, i) => {
    const from = curve[i] as readonly number[];
    return Array.from({ length: steps }, (_, step) =>
      from.map((value, axis) => value + (step / steps) * ((to[axis] as number) - value)),
    );
  });
  return [...points, [...(curve.at(-1) as readonly number[])]];
}
