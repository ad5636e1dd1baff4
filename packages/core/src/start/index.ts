/** @file The starts by name. */
export { autoStarts } from "./auto.ts";
export { bezierStart } from "./bezier.ts";
export { frontStart } from "./front.ts";
export { graphStart } from "./graph.ts";
export { gridStart } from "./grid.ts";
export { previousStart } from "./previous.ts";
export type { Pairs, Start, StartContext } from "./start.ts";
export { ends, pairCount } from "./start.ts";
export { straight } from "./straight.ts";
