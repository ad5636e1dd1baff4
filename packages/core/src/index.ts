/** @file Table of contents of the isomorphic core. */

export * from "./analysis/along.ts";
export * from "./analysis/classes.ts";
export * from "./analysis/plane.ts";
export * from "./analysis/statistics.ts";
export * from "./analysis/summary.ts";
export * from "./array/errors.ts";
export * from "./array/random.ts";
export * from "./array/tensor.ts";
export * from "./drawing/curve.ts";
export * from "./drawing/image.ts";
export * from "./drawing/pixels.ts";
export * from "./engine/blocks.ts";
export * from "./engine/cache.ts";
export * from "./engine/engine.ts";
export * from "./figure/index.ts";
export * from "./format/model.ts";
export * from "./format/result.ts";
export * from "./graph/index.ts";
export * from "./metric/magnification.ts";
export type { MapMetric, Metric, TensorMetric } from "./metric/metric.ts";
export { pullback, tensorMetric } from "./metric/metric.ts";
export * from "./model/decoder.ts";
