/** @file Whether two engines say the same of a model, before one of them is believed. */
import type { Decoder, Engine } from "pullback-core";
import { evaluator, programCache, pullback } from "pullback-core";

/** Codes that are compared. */
const most = 64;

/**
 * The greatest difference between two engines in what they decode, in G, and in the lengths of chords along
 * a chain of codes [n, d], each relative to its greatest value; infinite where a number is not finite.
 */
export async function disagreement(
  decoder: Decoder,
  codes: Float64Array,
  one: Engine,
  other: Engine,
): Promise<number> {
  const d = decoder.latentDimension;
  const chain = codes.length >= 2 * d ? codes.subarray(0, most * d) : diagonal(d);
  const said = await Promise.all([one, other].map((engine) => saidBy(engine, decoder, chain)));
  const [a, b] = said as [readonly Float64Array[], readonly Float64Array[]];
  return Math.max(...a.map((values, i) => apart(values, b[i] as Float64Array)));
}

/** What geometry asks an engine for. */
async function saidBy(
  engine: Engine,
  decoder: Decoder,
  chain: Float64Array,
): Promise<readonly Float64Array[]> {
  const cache = programCache(engine);
  try {
    const evaluate = evaluator(cache, pullback(decoder));
    const chords = await evaluate.chordLengths([chain]);
    return [await evaluate.images(chain), await evaluate.tensors(chain), ...chords];
  } finally {
    await cache.dispose();
  }
}

function apart(a: Float64Array, b: Float64Array): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    if (!Number.isFinite(x) || !Number.isFinite(y)) return Infinity;
    difference = Math.max(difference, Math.abs(x - y));
    size = Math.max(size, Math.abs(y));
  }
  return size > 0 ? difference / size : difference;
}

/** Without codes: along the diagonal through the middle of the prior. */
function diagonal(d: number): Float64Array {
  const points = 16;
  return Float64Array.from(
    { length: points * d },
    (_, i) => (2 * Math.floor(i / d)) / (points - 1) - 1,
  );
}
