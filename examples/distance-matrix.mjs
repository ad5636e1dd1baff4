/**
 * @file From a decoder's file to a matrix of distances along its manifold.
 *
 *     node examples/distance-matrix.mjs decoder.onnx codes.npy distances.npy
 */
import { writeFileSync } from "node:fs";
import {
  distanceGraph,
  graphDistances,
  nativeEngine,
  programCache,
  pullback,
  readMatrix,
  readModel,
  writeNpy,
} from "pullback";

const [file, codes, out] = process.argv.slice(2);
const { decoder } = await readModel(file);
const { data, shape } = await readMatrix(codes, "float64", decoder.latentDimension);
const engine = nativeEngine();
const cache = programCache(engine);
const graph = await distanceGraph({ cache, metric: pullback(decoder), points: data });
const n = shape[0];
const matrix = Float32Array.from(await graphDistances(graph));
writeFileSync(out, writeNpy({ type: "float32", shape: [n, n], data: matrix }));
await engine.dispose();
