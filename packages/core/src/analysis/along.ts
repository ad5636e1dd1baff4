/** @file What happens along a curve: what the decoder shows, how fast, how magnified. */

import { firstNonFinite } from "../array/tensor.ts";
import { evaluator } from "../curve/evaluator.ts";
import { resample } from "../curve/polyline.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import { logDensity } from "../metric/density.ts";
import { pullback, speedGraph } from "../metric/metric.ts";
import type { Decoder } from "../model/decoder.ts";

/** Points of a curve in latent space at equal parameter steps. */
export type Curve = readonly (readonly number[])[];

/** The straight line between two points, as a curve of `count` points. */
export function straightCurve(from: readonly number[], to: readonly number[], count = 201): Curve {
  return Array.from({ length: count }, (_, i) =>
    from.map((a, axis) => a + ((to[axis] as number) - a) * (i / (count - 1))),
  );
}

/** `count` points at equal parameter steps, by linear interpolation. */
export function pointsAlong(curve: Curve, count: number): number[][] {
  const last = curve.length - 1;
  return Array.from({ length: count }, (_, i) => {
    const at = (i * last) / (count - 1);
    const from = Math.min(Math.floor(at), last - 1);
    const [a, b] = [curve[from] as readonly number[], curve[from + 1] as readonly number[]];
    return a.map((value, axis) => value + (at - from) * ((b[axis] as number) - value));
  });
}

/** Points of a curve at which its decoded length is looked at before it is divided evenly. */
const looks = 1001;

/**
 * `count` points of each curve at equal steps of its decoded length, so that nothing on the way is
 * missed: a decoder may rush through half of what it knows within a thousandth of a straight line.
 */
export async function pointsEvenly(
  cache: ProgramCache,
  decoder: Decoder,
  curves: readonly Curve[],
  count: number,
): Promise<number[][][]> {
  const d = decoder.latentDimension;
  const dense = curves.map((curve) => flat(pointsAlong(curve, looks)));
  const chords = await evaluator(cache, pullback(decoder)).chordLengths(dense);
  return dense.map((nodes, i) => {
    const steps = chords[i] as Float64Array;
    const moves = firstNonFinite(steps) < 0 && steps.some((step) => step > 0);
    const even = resample(nodes, d, count - 1, moves ? steps : undefined);
    return Array.from({ length: count }, (_, row) => [...even.subarray(row * d, (row + 1) * d)]);
  });
}

/** Decoded observations at points of the latent space: [points, D]. */
export async function decodeAt(
  cache: ProgramCache,
  decoder: Decoder,
  points: Curve,
): Promise<Float32Array> {
  const { x } = await runRows(cache, pullback(decoder).map, { z: flat(points) });
  return Float32Array.from(x as Float64Array);
}

/**
 * Speed (Eq. 11) at the points of a curve over t in [0, 1]. The derivative of the curve is a
 * central difference: exact for straight lines, O(h^2) otherwise.
 */
export async function velocityAlong(
  cache: ProgramCache,
  decoder: Decoder,
  curve: Curve,
): Promise<Float64Array> {
  const last = curve.length - 1;
  const tangents = curve.map((_, i) => {
    const [before, after] = [Math.max(0, i - 1), Math.min(last, i + 1)];
    return (curve[after] as readonly number[]).map(
      (value, axis) =>
        ((value - ((curve[before] as readonly number[])[axis] as number)) * last) /
        (after - before),
    );
  });
  const { speed } = await runRows(cache, speedGraph(pullback(decoder)), {
    z: flat(curve),
    v: flat(tangents),
  });
  return speed as Float64Array;
}

/** Magnification factor sqrt(det G) (Eq. 18) at points of the latent space. */
export async function magnificationAt(
  cache: ProgramCache,
  decoder: Decoder,
  points: Curve,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const logs = await logDensity(cache, pullback(decoder), flat(points), signal);
  return logs.map(Math.exp);
}

const flat = (points: Curve): Float64Array => Float64Array.from(points.flat());
