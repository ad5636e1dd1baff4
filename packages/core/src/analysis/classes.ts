/**
 * @file The classes that a curve in latent space runs through (Section 4.4 of the paper).
 *
 * The class of a latent point is the majority among its k nearest latent codes; a tie goes to the
 * class of the nearer code. Exact search: n distances a point, no tree.
 */
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import { nearest } from "../neighbourhood/nearest.ts";

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
  const d = codes.latents.length / n;
  const members = nearest(Float64Array.from(codes.latents), d, k, {
    queries: Float64Array.from(curve.flat()),
  });
  return curve.map((_, i) =>
    majority(
      [...members.subarray(i * k, (i + 1) * k)].filter((code) => code >= 0),
      codes.labels,
    ),
  );
}

/** How many different classes there are among those met. */
export function distinctClasses(classes: readonly number[]): number {
  return new Set(classes).size;
}

/** The class of most members; of classes with equally many, the one that comes first. */
export function majority(members: readonly number[], labels: ArrayLike<number>): number {
  const votes = new Map<number, number>();
  for (const i of members)
    votes.set(labels[i] as number, (votes.get(labels[i] as number) ?? 0) + 1);
  // A Map keeps the order of entry, which is the order of distance.
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
}
