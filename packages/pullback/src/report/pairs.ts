/** @file Pairs of codes, and the geodesics between them. */
import type { GeodesicsResult, ProgramCache } from "pullback-core";
import { InputError, random, solvePairs } from "pullback-core";
import type { IndexPairs, Subject } from "./findings.ts";

/**
 * `count` random pairs of different codes. With values, the two of a pair have different ones.
 * Throws `InputError` where no such pair exists.
 */
export function randomPairs(
  n: number,
  {
    count,
    seed,
    values,
  }: { readonly count: number; readonly seed: number; readonly values?: ArrayLike<number> },
): IndexPairs {
  const differ = (a: number, b: number): boolean => a !== b && !(values && values[a] === values[b]);
  const { integer } = random(seed, "pairs");
  const pairs: [number, number][] = [];
  for (let tried = 0; pairs.length < count && tried < 100 * count; tried++) {
    if (n < 2) break;
    const [a, b] = [integer(n), integer(n)];
    if (differ(a, b)) pairs.push([a, b]);
  }
  if (pairs.length < count)
    throw new InputError(
      `pairs: expected ${count} pairs of different codes, found ${pairs.length} among ${n} codes`,
    );
  return pairs;
}

export interface ConnectPairsOptions {
  readonly cache: ProgramCache;
  readonly subject: Subject;
  readonly pairs: IndexPairs;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

/** Geodesics between pairs of codes, in the form of the result file. */
export async function connectPairs(options: ConnectPairsOptions): Promise<GeodesicsResult> {
  const { cache, subject, pairs, seed, signal, onProgress } = options;
  const { decoder, latents, description } = subject;
  const d = decoder.latentDimension;
  const code = (i: number): number[] => [...latents.subarray(i * d, (i + 1) * d)];
  return solvePairs({
    engine: cache.engine,
    cache,
    decoder,
    name: description.name,
    pairs: Float64Array.from(pairs.flatMap(([a, b]) => [...code(a), ...code(b)])),
    latents: Float64Array.from(latents),
    seed,
    signal,
    onProgress,
  });
}
