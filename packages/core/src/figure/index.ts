/** @file Figures: results in, SVG out; the document is an argument. */
export { categorical, curveColours, cyclic, grey, sequential } from "./colour.ts";
export type { FigureCanvas, FigureContext, FigureDocument } from "./document.ts";
export * from "./end-effector.ts";
export * from "./equidistance.ts";
export * from "./indicatrix.ts";
export * from "./length-scatter.ts";
export * from "./length-value.ts";
export * from "./map.ts";
export type { MapCurve } from "./map-curves.ts";
export type { MapData } from "./map-data.ts";
export { pointLimit } from "./map-data.ts";
export * from "./map-line.ts";
export * from "./row.ts";
export * from "./smoothing.ts";
export * from "./stability.ts";
export * from "./strip.ts";
export * from "./training.ts";
