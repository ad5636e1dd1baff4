/** @file Table of contents of the Node package: all of the core, with the native engine. */
export * from "pullback-core";
export type { EngineOptions } from "./engine/onnxruntime.ts";
export { nativeEngine } from "./engine/onnxruntime.ts";
