/** @file From a model to its findings: pairs, geodesics, map; with progress. */
import type { ProgramCache } from "pullback-core";
import { InputError } from "pullback-core";
import type { Findings, Subject } from "./findings.ts";
import { findings } from "./findings.ts";
import { connectPairs, randomPairs } from "./pairs.ts";

/** How long work is stopped and shown. */
export interface Watch {
  readonly signal: AbortSignal;
  progress(of: { readonly label: string; readonly total: number; readonly unit: string }): {
    update(done: number): void;
    end(): void;
  };
}

export interface MakeOptions {
  readonly cache: ProgramCache;
  readonly subject: Subject;
  /** Random pairs to connect; 100 by default, as in the paper. */
  readonly pairs?: number;
  readonly seed: number;
}

export async function make(
  { cache, subject, pairs: count = 100, seed }: MakeOptions,
  { signal, progress }: Watch,
): Promise<Findings> {
  const { decoder, latents, values } = subject;
  if (decoder.latentDimension < 2)
    throw new InputError(
      `report: expected two latent dimensions or more, got ${decoder.latentDimension}`,
    );
  if (latents.length === 0)
    throw new InputError("report: expected a model folder with latents.npy, got no codes");
  const pairs = randomPairs(latents.length / decoder.latentDimension, { count, seed, values });
  const solving = progress({ label: "geodesics", total: count, unit: "pairs" });
  const result = await connectPairs({
    cache,
    subject,
    pairs,
    seed,
    signal,
    onProgress: (share) => share < 1 && solving.update(Math.round(share * count)),
  }).finally(() => solving.end());
  const mapping = progress({ label: "map", total: 100, unit: "%" });
  return findings({
    cache,
    subject,
    pairs,
    result,
    seed,
    signal,
    onProgress: (share) => share < 1 && mapping.update(Math.round(100 * share)),
  }).finally(() => mapping.end());
}
