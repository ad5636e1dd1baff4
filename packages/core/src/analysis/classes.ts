/**
 * @file The classes that a curve in latent space runs through (Section 4.4 of the paper).
 *
 * The class of a latent point is the majority among its k nearest latent codes; a tie goes to the
 * class of the nearer code. Exact search: n distances a point, no tree.
 */
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";

export interface LabelledCodes {
  /** [n, d], row-major. */
  readonly latents: FloatArray;
  /** Class of each code. */
  readonly labels: ArrayLike<number>;
}

/** Classes at the points of a curve; k nearest codes decide, 15 by default. */
export function classesAlong(
  curve: readonly (readonly number[])[],
  codes: LabelledCodes,
  k = 15,
): number[] {
  const n = codes.labels.length;
  if (n < 1 || k < 1 || codes.latents.length % n !== 0)
    throw new InputError(
      `classes along: expected codes and k of 1 or more, got ${n} codes and k = ${k}`,
    );
  return curve.map((point) => majority(nearest(point, codes, Math.min(k, n)), codes.labels));
}

/** How many different classes there are among those met. */
export function distinctClasses(classes: readonly number[]): number {
  return new Set(classes).size;
}

/** The k codes nearest to a point, nearest first. */
function nearest(
  point: readonly number[],
  { latents, labels }: LabelledCodes,
  k: number,
): number[] {
  const d = latents.length / labels.length;
  const found: number[] = [];
  const distances: number[] = [];
  for (let i = 0; i < labels.length; i++) {
    let distance = 0;
    for (let axis = 0; axis < d; axis++)
      distance += ((latents[i * d + axis] as number) - (point[axis] as number)) ** 2;
    if (found.length === k && distance >= (distances[k - 1] as number)) continue;
    let at = Math.min(found.length, k - 1);
    for (; at > 0 && (distances[at - 1] as number) > distance; at--) {
      distances[at] = distances[at - 1] as number;
      found[at] = found[at - 1] as number;
    }
    distances[at] = distance;
    found[at] = i;
  }
  return found;
}

function majority(members: readonly number[], labels: ArrayLike<number>): number {
  const votes = new Map<number, number>();
  for (const i of members)
    votes.set(labels[i] as number, (votes.get(labels[i] as number) ?? 0) + 1);
  // A Map keeps the order of entry, which is the order of distance.
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
}
