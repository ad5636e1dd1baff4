/** @file The starts that are tried where none are asked for. */
import { bezierStart } from "./bezier.ts";
import { graphStart } from "./graph.ts";
import { gridStart } from "./grid.ts";
import type { Start } from "./start.ts";
import { straight } from "./straight.ts";

/**
 * For `d` latent dimensions: the straight line, and what knows the metric, a lattice where d = 2,
 * otherwise a graph, which leads less surely, so that two random curves run beside it. `connect` races
 * them and spends on what may win.
 */
export function autoStarts(d: number): readonly Start[] {
  return d === 2
    ? [straight, gridStart()]
    : [straight, bezierStart(), bezierStart({ index: 1 }), graphStart()];
}
