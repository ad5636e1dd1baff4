/**
 * @file Curves as the page draws them: their speed, and what the decoder shows at equal steps of decoded
 * length.
 */
import { resample } from "pullback-core";

/** A curve as the page draws it. */
export interface Track {
  /** [N + 1, d] */
  readonly curve: Float64Array;
  readonly length: number;
  /** Speed at equal steps of the parameter from 0 to 1. */
  readonly velocity: Float64Array;
  /** Points at equal steps of decoded length, [frames, d], and what the decoder shows there. */
  readonly frames: Float64Array;
  readonly observations: Float32Array;
  /** Parameter of each frame, 0 to 1. */
  readonly at: Float64Array;
}

export interface Both {
  readonly geodesic: Track;
  readonly straight: Track;
}

/** Legs of a path as one curve. */
export interface Joined {
  readonly curve: Float64Array;
  /** Decoded length of each segment. */
  readonly steps: Float64Array;
  readonly length: number;
}

/** Legs one after another as one curve, [N + 1, d] and a length a segment; neighbours share a node. */
export function joined(
  curves: readonly Float64Array[],
  steps: readonly Float64Array[],
  d: number,
): Joined {
  const nodes = [...curves].flatMap((curve, i) => [...(i === 0 ? curve : curve.subarray(d))]);
  const all = Float64Array.from(steps.flatMap((lengths) => [...lengths]));
  return {
    curve: Float64Array.from(nodes),
    steps: all,
    length: all.reduce((sum, step) => sum + step, 0),
  };
}

/** Both curves with `frames` points each, all decoded in one run of `decode`: [n, d] to [n, D]. */
export async function bothOf(
  { geodesic, straight }: { readonly geodesic: Joined; readonly straight: Joined },
  d: number,
  frames: number,
  decode: (points: Float64Array) => Promise<Float32Array>,
): Promise<Both> {
  const curves = [geodesic, straight];
  const points = curves.map(({ curve, steps }) =>
    resample(curve, d, frames - 1, usable(steps) ? steps : undefined),
  );
  const all = new Float64Array(curves.length * frames * d);
  points.forEach((rows, i) => {
    all.set(rows, i * frames * d);
  });
  const observations = await decode(all);
  const size = observations.length / curves.length;
  const track = (joined: Joined, i: number): Track => ({
    curve: joined.curve,
    length: joined.length,
    velocity: speedsOf(joined.steps),
    frames: points[i] as Float64Array,
    observations: observations.slice(i * size, (i + 1) * size),
    at: parameters(joined, frames),
  });
  return { geodesic: track(geodesic, 0), straight: track(straight, 1) };
}

const usable = (steps: Float64Array): boolean =>
  steps.every(Number.isFinite) && steps.some((step) => step > 0);

/** Speed at the nodes for a parameter from 0 to 1: the mean of the segments beside each. */
function speedsOf(steps: Float64Array): Float64Array {
  const n = steps.length;
  return Float64Array.from({ length: n + 1 }, (_, i) => {
    const before = steps[Math.max(0, i - 1)] as number;
    const after = steps[Math.min(n - 1, i)] as number;
    return ((before + after) / 2) * n;
  });
}

/** The parameter at equal steps of decoded length. */
function parameters({ steps, length }: Joined, frames: number): Float64Array {
  const n = steps.length;
  if (!usable(steps)) return Float64Array.from({ length: frames }, (_, i) => i / (frames - 1));
  const result = new Float64Array(frames);
  let [segment, passed] = [0, 0];
  for (let frame = 0; frame < frames; frame++) {
    const target = (length * frame) / (frames - 1);
    while (segment < n - 1 && passed + (steps[segment] as number) < target)
      passed += steps[segment++] as number;
    const whole = steps[segment] as number;
    const share = whole > 0 ? Math.min(1, Math.max(0, (target - passed) / whole)) : 0;
    result[frame] = (segment + share) / n;
  }
  return result;
}
