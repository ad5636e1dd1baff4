/** @file What becomes of each operator of a file. */
import type { Lowering } from "../node.ts";
import { arrange } from "./arrange.ts";
import { elementwise } from "./elementwise.ts";
import { linear } from "./linear.ts";
import { reduce } from "./reduce.ts";
import { select } from "./select.ts";

export const lowerings: ReadonlyMap<string, Lowering> = new Map(
  [elementwise, linear, reduce, arrange, select].flatMap((family) => Object.entries(family)),
);
