/** @file What becomes of each operator of a file. */
import type { Lowering } from "../node.ts";
import { arrange } from "./arrange.ts";
import { elementwise } from "./elementwise.ts";
import { linear } from "./linear.ts";
import { normalise } from "./normalise.ts";
import { reduce } from "./reduce.ts";
import { resizing } from "./resize.ts";
import { select } from "./select.ts";
import { window } from "./window.ts";

/** Families of operators, by what a reader would look for. */
const families: Readonly<Record<string, Readonly<Record<string, Lowering>>>> = {
  "Element by element": elementwise,
  "Products and softmax": linear,
  "Convolution and pooling": window,
  Normalisation: normalise,
  "Changing the size of images": resizing,
  Reduction: reduce,
  "Shapes and arrangement": arrange,
  "Selection and constants": select,
};

export const lowerings: ReadonlyMap<string, Lowering> = new Map(
  Object.values(families).flatMap((family) => Object.entries(family)),
);

/** Names of the operators that a file may have, by family. */
export const supportedOperators: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(families).map(([family, table]) => [family, Object.keys(table).sort()]),
);
