/**
 * @file Further vertices among codes: codes are few, or crowd in some places and leave others empty,
 * and the short way between two of them may lead through what is empty.
 */
import { random } from "../array/random.ts";
import { boundingBox } from "../start/paths.ts";

/** How many, by latent dimension; beyond three a lattice has no effect. */
const wanted: Readonly<Record<number, number>> = { 1: 512, 2: 8192, 3: 16_384 };

/**
 * Points of a lattice over the codes' box, each moved a little at random so that no direction is
 * preferred. Codes [n, d] to [more, d], none in more than three dimensions.
 */
export function latticeAround(codes: Float64Array, d: number, seed: number): Float64Array {
  const count = wanted[d];
  if (count === undefined) return new Float64Array(0);
  const draw = random(seed, "distance", "between");
  const box = boundingBox(codes, d, 0.1);
  const volume = box.reduce((product, [low, high]) => product * (high - low), 1);
  const spacing = (volume / count) ** (1 / d);
  const counts = box.map(([low, high]) => Math.max(1, Math.round((high - low) / spacing)));
  const total = counts.reduce((product, cells) => product * cells, 1);
  const points = new Float64Array(total * d);
  for (let i = 0; i < total; i++) {
    let rest = i;
    for (let k = 0; k < d; k++) {
      const [low, high] = box[k] as [number, number];
      const cells = counts[k] as number;
      const cell = rest % cells;
      rest = Math.floor(rest / cells);
      points[i * d + k] = low + ((high - low) * (cell + draw.uniform())) / cells;
    }
  }
  return points;
}
