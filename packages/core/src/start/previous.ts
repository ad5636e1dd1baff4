/** @file Curves of an earlier solve, moved to where the pairs are now. */
import type { Nodes } from "../curve/polyline.ts";
import type { Start } from "./start.ts";
import { ends } from "./start.ts";

/**
 * Warm starts: one earlier curve a pair, or null. What its ends are off by is shared out along it,
 * so that small moves of the pairs leave its shape.
 */
export function previousStart(curves: readonly (Nodes | null)[]): Start {
  return {
    name: "previous",
    propose: async ({ pairs }) =>
      curves.map((nodes, i) => {
        if (!nodes) return null;
        const { d } = pairs;
        const { from, to } = ends(pairs, i);
        const last = nodes.length / d - 1;
        return nodes.map((x, at) => {
          const [k, share] = [at % d, Math.floor(at / d) / last];
          const start = (from[k] as number) - (nodes[k] as number);
          const end = (to[k] as number) - (nodes[last * d + k] as number);
          return x + (1 - share) * start + share * end;
        });
      }),
  };
}
