/** @file Table of contents of the Node package: all of the core, with the native engine. */
export * from "pullback-core";
export type { Dataset, DatasetName, DatasetOptions } from "./datasets/index.ts";
export { datasetNames, loadDataset, pendulumImage, pendulumNoise } from "./datasets/index.ts";
export type { EngineOptions } from "./engine/onnxruntime.ts";
export { nativeEngine } from "./engine/onnxruntime.ts";
export type { Model, ModelContent } from "./files/model-folder.ts";
export { readModel, writeModel } from "./files/model-folder.ts";
export { readArray, readMatrix, readTable, readTensor } from "./files/read.ts";
export type { FileClaim, FolderClaim, FolderOptions } from "./files/write.ts";
export { claimFile, claimFolder, writeFolder, writeWhole } from "./files/write.ts";
export { serverDocument } from "./report/document.ts";
export { rasterise } from "./report/rasterise.ts";
