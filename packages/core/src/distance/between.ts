/** @file Further vertices among codes that are too few for short ways between them. */
import { random } from "../array/random.ts";
import { boundingBox } from "../start/paths.ts";

/** Vertices that a graph should have, by latent dimension; beyond three a lattice has no effect. */
const wanted: Readonly<Record<number, number>> = { 1: 512, 2: 8192, 3: 16_384 };

/**
 * The codes, and behind them points of a lattice over their box, each moved a little at random so
 * that no direction is preferred. [n, d] to [more, d].
 */
export function between(codes: Float64Array, d: number, seed: number): Float64Array {
  const lacking = (wanted[d] ?? 0) - codes.length / d;
  if (lacking < 2) return codes;
  const draw = random(seed, "distance", "between");
  const box = boundingBox(codes, d, 0.1);
  const volume = box.reduce((product, [low, high]) => product * (high - low), 1);
  const spacing = (volume / lacking) ** (1 / d);
  const counts = box.map(([low, high]) => Math.max(1, Math.round((high - low) / spacing)));
  const total = counts.reduce((product, count) => product * count, 1);
  const points = new Float64Array(codes.length + total * d);
  points.set(codes);
  for (let i = 0; i < total; i++) {
    let rest = i;
    for (let k = 0; k < d; k++) {
      const [low, high] = box[k] as [number, number];
      const count = counts[k] as number;
      const cell = rest % count;
      rest = Math.floor(rest / count);
      points[codes.length + i * d + k] = low + ((high - low) * (cell + draw.uniform())) / count;
    }
  }
  return points;
}
