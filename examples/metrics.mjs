/**
 * @file One pair of codes, connected in every metric there is and in one of your own, on one map.
 *
 *     node examples/metrics.mjs out/pendulum/model metrics.svg
 */
import { writeFileSync } from "node:fs";
import {
  add,
  boundsAround,
  constant,
  exp,
  graph,
  input,
  magnificationMap,
  mapFigure,
  metricOf,
  mul,
  nativeEngine,
  neg,
  programCache,
  readModel,
  reduceSum,
  reshape,
  serverDocument,
  solvePairs,
  tensorFrom,
  tensorMetric,
} from "pullback";

const [folder, out] = process.argv.slice(2);
const { decoder, description, latents } = await readModel(folder);
const codes = Float64Array.from(latents.data);
const known = {
  codes,
  likelihood: description.likelihood,
  sigma: description.training?.sigma ?? 0.05,
};

// Your own metric is a graph from z [n, d] to G [n, d, d]: here four times as long around the origin.
const z = input("z", "float32", ["n", 2]);
const hill = add(1, mul(15, exp(neg(reduceSum(mul(z, z), [1], true)))));
const identity = constant(tensorFrom("float32", [1, 2, 2], [1, 0, 0, 1]));
const own = tensorMetric("own", graph([z], { G: mul(reshape(hill, ["n", 1, 1]), identity) }));

const metrics = [
  metricOf(decoder, { name: "pullback" }, known),
  metricOf(decoder, { name: "smoothed", lambda: 100 }, known),
  metricOf(decoder, { name: "expected" }, known),
  metricOf(decoder, { name: "fisher-rao" }, known),
  own,
];

// From the first code to the one that is farthest from it.
const from = [...codes.slice(0, 2)];
let to = from;
for (let i = 0; i < codes.length; i += 2) {
  const apart = ([x, y]) => Math.hypot(x - from[0], y - from[1]);
  if (apart(codes.slice(i, i + 2)) > apart(to)) to = [...codes.slice(i, i + 2)];
}

const engine = nativeEngine();
const cache = programCache(engine);
const curves = [];
for (const metric of metrics) {
  const { geodesics } = await solvePairs({
    ...{ engine, cache, decoder, metric, name: description.name, latents: codes },
    pairs: Float64Array.of(...from, ...to),
    tolerance: 1e-2,
  });
  const { length, curve, status } = geodesics[0];
  console.log(`${metric.name}: ${length.toFixed(3)}, ${status}`);
  curves.push({ kind: "geodesic", label: metric.name, points: curve });
}

const bounds = boundsAround(codes);
const map = await magnificationMap({ engine, cache, decoder, bounds });
writeFileSync(out, mapFigure(serverDocument(), { map, data: { points: codes }, curves }));
await engine.dispose();
