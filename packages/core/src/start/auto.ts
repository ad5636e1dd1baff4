/** @file The starts that are tried where none are asked for. */
import { bezierStart } from "./bezier.ts";
import { frontStart } from "./front.ts";
import { graphStart } from "./graph.ts";
import { gridStart } from "./grid.ts";
import type { Start } from "./start.ts";
import { straight } from "./straight.ts";

/** Nodes a side of the lattice of fronts: they are to choose the valley, no more. */
const frontGrid = 81;

/**
 * For `d` latent dimensions: the straight line, and what knows the metric. Where d = 2 that is a lattice and
 * fronts over another, which err in different ways; otherwise a graph, which leads less surely, so that
 * two random curves run beside it. `connect` races them and spends on what may win.
 */
export function autoStarts(d: number): readonly Start[] {
  return d === 2
    ? [straight, gridStart(), frontStart({ grid: frontGrid })]
    : [straight, bezierStart(), bezierStart({ index: 1 }), graphStart()];
}
