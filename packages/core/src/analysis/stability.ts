/**
 * @file Do distances survive retraining? The same pairs of observations, measured by models that
 * differ in nothing but their seed.
 *
 * Each pair's distance varies over the models by its coefficient of variation; a paired test says
 * whether geodesic distance varies less than Euclidean distance between latent codes. A latent space
 * has no scale of its own, so models may differ in one factor that does no harm; hence everything
 * twice, as measured and with each model's distances divided by their mean.
 */
import { InputError } from "../array/errors.ts";
import type { SignedRanks } from "./paired.ts";
import { signedRanks } from "./paired.ts";
import { mean, quantile, standardDeviation } from "./statistics.ts";

/** Distances of the same pairs in the same order: one list a model. */
export interface RetrainedDistances {
  readonly geodesic: readonly ArrayLike<number>[];
  readonly euclidean: readonly ArrayLike<number>[];
}

export interface Stability {
  readonly models: number;
  readonly pairs: number;
  readonly asMeasured: Variation;
  /** Each model's distances divided by their mean. */
  readonly scaled: Variation;
}

export interface Variation {
  /** Coefficient of variation of each pair over the models. */
  readonly geodesic: Float64Array;
  readonly euclidean: Float64Array;
  readonly quartiles: { readonly geodesic: Quartiles; readonly euclidean: Quartiles };
  /** Share of the pairs whose geodesic distance varies less. */
  readonly geodesicSteadier: number;
  /** Wilcoxon's test of Euclidean against geodesic variation: a great sum where Euclidean varies more. */
  readonly test: SignedRanks;
}

export type Quartiles = readonly [lower: number, median: number, upper: number];

/**
 * Compares how distances vary over models. Throws `InputError` for fewer than two models, for lists
 * of different length, and for distances that are not finite and above zero.
 */
export function stability({ geodesic, euclidean }: RetrainedDistances): Stability {
  const [models, pairs] = [geodesic.length, geodesic[0]?.length ?? 0];
  if (models < 2 || euclidean.length !== models)
    throw new InputError(
      `stability: expected distances of two models or more, got ${models} geodesic and ${euclidean.length} Euclidean`,
    );
  for (const [kind, lists] of [
    ["geodesic", geodesic],
    ["Euclidean", euclidean],
  ] as const)
    for (const [model, list] of lists.entries()) check(kind, model, list, pairs);
  return {
    models,
    pairs,
    asMeasured: variation(geodesic, euclidean),
    scaled: variation(geodesic.map(byMean), euclidean.map(byMean)),
  };
}

function check(kind: string, model: number, list: ArrayLike<number>, pairs: number): void {
  const bad = Array.from(list).findIndex((distance) => !(distance > 0 && distance < Infinity));
  if (pairs < 1 || list.length !== pairs)
    throw new InputError(
      `stability: expected ${pairs || "some"} ${kind} distances of model ${model}, got ${list.length}`,
    );
  if (bad >= 0)
    throw new InputError(
      `stability: expected finite ${kind} distances above 0, got ${list[bad]} for pair ${bad} of model ${model}`,
    );
}

function variation(
  geodesic: readonly ArrayLike<number>[],
  euclidean: readonly ArrayLike<number>[],
): Variation {
  const along = coefficients(geodesic);
  const straight = coefficients(euclidean);
  const steadier = along.map((value, pair) => (value < (straight[pair] as number) ? 1 : 0));
  return {
    geodesic: along,
    euclidean: straight,
    quartiles: { geodesic: quartiles(along), euclidean: quartiles(straight) },
    geodesicSteadier: mean(steadier),
    test: signedRanks(straight, along),
  };
}

function coefficients(lists: readonly ArrayLike<number>[]): Float64Array {
  return Float64Array.from({ length: lists[0]?.length ?? 0 }, (_, pair) => {
    const over = lists.map((list) => list[pair] as number);
    return standardDeviation(over) / mean(over);
  });
}

const byMean = (list: ArrayLike<number>): Float64Array => {
  const scale = mean(list);
  return Float64Array.from(list, (distance) => distance / scale);
};

const quartiles = (values: Float64Array): Quartiles => [
  quantile(values, 0.25),
  quantile(values, 0.5),
  quantile(values, 0.75),
];
