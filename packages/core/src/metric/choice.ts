/** @file Metrics of a decoder by name, with what each needs beside the decoder. */
import { InputError } from "../array/errors.ts";
import type { Likelihood } from "../format/model.ts";
import type { Decoder } from "../model/decoder.ts";
import { expected } from "./expected.ts";
import { fisherRao } from "./fisher-rao.ts";
import type { Metric } from "./metric.ts";
import { pullback } from "./metric.ts";
import { precisionNetwork } from "./precision.ts";
import { within } from "./region.ts";
import { smoothed } from "./smoothed.ts";

export const metricNames = ["pullback", "smoothed", "expected", "fisher-rao"] as const;
export type MetricName = (typeof metricNames)[number];

/** The largest standard deviation of a Bernoulli variable. */
const bernoulliSigma = 0.5;

export interface MetricChoice {
  readonly name: MetricName;
  /** smoothed: lambda_s of Eq. 17. */
  readonly lambda?: number;
  /** smoothed: singular values kept, all by default. */
  readonly rank?: number;
  /**
   * expected: how far from the codes the model is still sure, in mean distances of a cluster's codes
   * from its centre; 2 by default. Less keeps geodesics closer to the codes, and they take longer.
   */
  readonly spread?: number;
}

/** What is known of a model beside its decoder. */
export interface MetricContext {
  /** Latent codes of the data, [n, d]: smoothed and expected geodesics keep to them. */
  readonly codes?: ArrayLike<number>;
  readonly likelihood?: Likelihood;
  /** Standard deviation of a Gaussian likelihood. */
  readonly sigma?: number;
  readonly seed?: number;
}

/**
 * The metric of that name. Throws `InputError` where it needs something that is not known: expected
 * and fisher-rao a likelihood or sigma, expected codes, smoothed lambda.
 */
export function metricOf(
  decoder: Decoder,
  { name, lambda, rank, spread }: MetricChoice,
  { codes = [], likelihood, sigma, seed }: MetricContext = {},
): Metric {
  const d = decoder.latentDimension;
  const lacks = (what: string): never => {
    throw new InputError(`metric ${name}: expected ${what}, got none`);
  };
  if (name !== "smoothed" && (lambda !== undefined || rank !== undefined))
    throw new InputError(`metric ${name}: lambda and rank are for the metric smoothed`);
  if (name !== "expected" && spread !== undefined)
    throw new InputError(`metric ${name}: spread is for the metric expected`);
  switch (name) {
    case "pullback":
      return pullback(decoder);
    case "smoothed": {
      const metric = smoothed(pullback(decoder), { lambda: lambda ?? lacks("lambda"), rank });
      return codes.length > 0 ? within(metric, codes, { seed }) : metric;
    }
    case "expected":
      if (codes.length === 0) lacks("latent codes of the data (a model folder)");
      return expected(
        decoder,
        precisionNetwork({
          codes,
          d,
          seed,
          spread,
          sigma:
            sigma ?? (likelihood === "bernoulli" ? bernoulliSigma : lacks("a model with sigma")),
        }),
      );
    case "fisher-rao":
      return fisherRao(decoder, { likelihood: likelihood ?? lacks("a likelihood"), sigma });
  }
}
