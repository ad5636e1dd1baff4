/** @file The starts that are tried where none are asked for. */
import { bezierStart } from "./bezier.ts";
import { graphStart } from "./graph.ts";
import { gridStart } from "./grid.ts";
import type { Start } from "./start.ts";
import { straight } from "./straight.ts";

/**
 * For `d` latent dimensions: the straight line, random curves beside it, and what knows the metric, a
 * lattice where d = 2 and otherwise a graph. `connect` races them and spends on what may win.
 */
export function autoStarts(d: number): readonly Start[] {
  return d === 2
    ? [straight, bezierStart(), gridStart()]
    : [straight, bezierStart(), bezierStart({ index: 1 }), graphStart()];
}
