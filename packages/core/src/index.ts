/** @file Table of contents of the isomorphic core. */
export * from "./array/errors.ts";
export * from "./array/random.ts";
export * from "./array/tensor.ts";
export * from "./engine/blocks.ts";
export * from "./engine/cache.ts";
export * from "./engine/engine.ts";
export * from "./format/model.ts";
export * from "./format/result.ts";
export * from "./graph/index.ts";
export * from "./metric/magnification.ts";
export type { MapMetric, Metric, TensorMetric } from "./metric/metric.ts";
export { pullback, tensorMetric } from "./metric/metric.ts";
export * from "./model/decoder.ts";
