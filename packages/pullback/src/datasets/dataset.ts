/** @file What training needs of data: rows to learn from, rows to be measured on, how to draw one. */
import type { Drawing, Likelihood, Scaling, Tensor, ValueAxis } from "pullback-core";

export interface Dataset {
  readonly name: string;
  /** [n, D], row-major; scaled where `scaling` says so. */
  readonly observations: Tensor<"float32">;
  /** [m, D]: never trained on. */
  readonly heldOut: Tensor<"float32">;
  /** Sizes whose product is D: [16, 16]. */
  readonly observationShape: readonly number[];
  readonly drawing: Drawing;
  /** What suits the data. */
  readonly likelihood: Likelihood;
  /** Class of each observation, [n] and [m], from 0. */
  readonly labels?: Tensor<"int64">;
  readonly heldOutLabels?: Tensor<"int64">;
  /** Name of each class. */
  readonly labelNames?: readonly string[];
  /** One number an observation, [n] and [m]; `value` says what it is. */
  readonly values?: Tensor<"float32">;
  readonly heldOutValues?: Tensor<"float32">;
  readonly value?: ValueAxis;
  /** What the observations are noisy copies of, where it is known: [k, D], scaled as they are. */
  readonly clean?: Tensor<"float64">;
  /** How the columns were mapped: x = (raw - offset) / scale. */
  readonly scaling?: Scaling;
}

/** What one may ask of a dataset; each takes what concerns it. */
export interface DatasetOptions {
  /** File or folder with the data. */
  readonly data?: string;
  /** Of everything drawn: noise, splits, binarisation. Default 1. */
  readonly seed?: number;
  /** MNIST: `bernoulli` draws each pixel once with its grey as probability (default), `threshold`
   * cuts at one half, `fixed` reads files that were binarised once for all. */
  readonly binarise?: "bernoulli" | "threshold" | "fixed";
  /** MNIST: images to train on, 60,000 (default) or the first 50,000. */
  readonly trainingSize?: 50_000 | 60_000;
  /** Table: `standardise` to mean 0 and variance 1 (default), `minmax` to [0, 1], `none`. */
  readonly scaling?: "standardise" | "minmax" | "none";
}
