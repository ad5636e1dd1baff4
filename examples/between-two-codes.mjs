/**
 * @file Two codes of a model: how far apart are they, and what lies between them?
 *
 *     node examples/between-two-codes.mjs out/mnist/model 3 40 between.svg
 */
import { writeFileSync } from "node:fs";
import {
  decodeAt,
  nativeEngine,
  pointsAlong,
  programCache,
  readModel,
  serverDocument,
  solvePairs,
  straightCurve,
  stripFigure,
  velocityAlong,
} from "pullback";

const [folder, first, second, out] = process.argv.slice(2);
const { decoder, latents, description } = await readModel(folder);
const d = decoder.latentDimension;
const code = (i) => [...latents.data.subarray(i * d, (i + 1) * d)];

const engine = nativeEngine();
const { geodesics } = await solvePairs({
  engine,
  decoder,
  name: description.name,
  pairs: Float64Array.from([...code(Number(first)), ...code(Number(second))]),
  latents: Float64Array.from(latents.data),
});
const [geodesic] = geodesics;
console.log(
  `geodesic ${geodesic.length.toFixed(3)}, straight line ${geodesic.straightLength.toFixed(3)}`,
);

const cache = programCache(engine);
const track = async (curve, length) => ({
  length,
  observations: await decodeAt(cache, decoder, pointsAlong(curve, 11)),
  velocity: await velocityAlong(cache, decoder, curve),
});
const svg = stripFigure(serverDocument(), {
  ...description,
  geodesic: await track(geodesic.curve, geodesic.length),
  straight: await track(straightCurve(geodesic.from, geodesic.to), geodesic.straightLength),
});
writeFileSync(out, svg);
await engine.dispose();
