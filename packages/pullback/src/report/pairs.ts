/** @file Pairs of codes, and the geodesics between them. */
import type { ConnectOptions, GeodesicsResult, MetricChoice, ProgramCache } from "pullback-core";
import { InputError, metricOf, random, solvePairs } from "pullback-core";
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

export interface ConnectPairsOptions
  extends Pick<ConnectOptions, "tolerance" | "segments" | "signal" | "onProgress"> {
  readonly cache: ProgramCache;
  readonly subject: Subject;
  readonly pairs: IndexPairs;
  readonly seed: number;
  /** The pull-back metric by default. */
  readonly metric?: MetricChoice;
}

/** Geodesics between pairs of codes, in the form of the result file. */
export async function connectPairs(options: ConnectPairsOptions): Promise<GeodesicsResult> {
  const { cache, subject, pairs, seed, metric = { name: "pullback" }, ...rest } = options;
  const { decoder, latents, description } = subject;
  const { likelihood, training } = description;
  const context = { codes: latents, likelihood, sigma: training?.sigma, seed };
  return solvePairs({
    engine: cache.engine,
    cache,
    decoder,
    name: description.name,
    metric: metricOf(decoder, metric, context),
    pairs: pairPoints(subject, pairs),
    latents: Float64Array.from(latents),
    seed,
    ...rest,
  });
}

/** Codes of pairs as a solver wants them, [count, 2 d]. */
export function pairPoints({ decoder, latents }: Subject, pairs: IndexPairs): Float64Array {
  const d = decoder.latentDimension;
  const code = (i: number): number[] => [...latents.subarray(i * d, (i + 1) * d)];
  return Float64Array.from(pairs.flatMap(([a, b]) => [...code(a), ...code(b)]));
}
