/** @file Where data come from and how they are prepared: the same for every command that loads a dataset. */
import * as v from "valibot";
import type { Options } from "./options.ts";
import { oneOf, option, path } from "./options.ts";

export const datasetOptions = {
  data: option("PATH", "file or folder with the data", v.optional(path)),
  binarise: option(
    "HOW",
    "mnist: bernoulli, threshold or fixed",
    v.optional(oneOf(["bernoulli", "threshold", "fixed"])),
  ),
  scaling: option(
    "HOW",
    "table: standardise, minmax or none",
    v.optional(oneOf(["standardise", "minmax", "none"])),
  ),
} satisfies Options;
