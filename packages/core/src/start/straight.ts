/** @file The straight latent line. */
import { straightNodes } from "../curve/polyline.ts";
import type { Start } from "./start.ts";
import { ends, pairCount } from "./start.ts";

export const straight: Start = {
  name: "straight",
  propose: async ({ pairs }) =>
    Array.from({ length: pairCount(pairs) }, (_, i) => {
      const { from, to } = ends(pairs, i);
      return straightNodes(from, to, 1);
    }),
};
