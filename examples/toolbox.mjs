/**
 * @file The toolbox on one model: what geometry says of a handful of its codes.
 *
 *     node examples/toolbox.mjs out/pendulum/model indicatrices.svg
 */
import { writeFileSync } from "node:fs";
import {
  boundsAround,
  cellCentres,
  curvature,
  indicatrices,
  indicatrixFigure,
  kMeans,
  logarithms,
  magnificationMap,
  nativeEngine,
  parallelTransport,
  principalGeodesics,
  programCache,
  pullback,
  readModel,
  serverDocument,
  shoot,
  transported,
  volume,
} from "pullback";

const [folder, out] = process.argv.slice(2);
const { decoder, latents } = await readModel(folder);
const codes = Float64Array.from(latents.data);
const points = codes.slice(0, 12 * decoder.latentDimension);
const cache = programCache(nativeEngine());
// Any metric will do here: fisherRao(decoder, …), smoothed(…), ensemble([…]), one of your own.
const metric = pullback(decoder);
const work = { cache, metric, latents: codes };
const show = (values, digits = 3) => Array.from(values, (x) => x.toFixed(digits)).join(", ");

// The velocity that leads from the first code to the second, and where it leads.
const [log] = await logarithms({ ...work, pairs: points.slice(0, 4) });
const [shot] = await shoot({ ...work, points: points.slice(0, 2), velocities: log.velocity });
console.log(`distance ${log.length.toFixed(3)}, the shot ends at ${show(shot.end)}`);

// A direction at the first code, carried along.
const [along] = await parallelTransport({ ...work, curves: [shot.curve] });
console.log(`right at the start is ${show(transported(along, [1, 0]))} at the end`);

// The mean of the codes, and the geodesics through it along which they vary most.
const { mean, explained } = await principalGeodesics({ ...work, points });
console.log(`mean ${show(mean.point)}, variance ${mean.cost.toFixed(3)}`);
console.log(`its principal geodesics explain ${show(explained, 2)} of it`);
const { labels } = await kMeans({ ...work, points, clusters: 3 });
console.log(`three clusters: ${labels.join(" ")}`);

const bounds = boundsAround(codes);
const [x0, x1, y0, y1] = bounds;
const [K] = await curvature({ ...work, points: mean.point });
const area = await volume({
  ...work,
  region: {
    box: [
      [x0, x1],
      [y0, y1],
    ],
  },
});
console.log(`curvature at the mean ${K.toFixed(3)}, area of the map ${area.value.toFixed(2)}`);

const figure = indicatrixFigure(serverDocument(), {
  map: await magnificationMap({ ...work, engine: cache.engine, decoder, bounds }),
  indicatrices: await indicatrices({ ...work, points: cellCentres(bounds, 15) }),
  data: { points: codes },
});
writeFileSync(out, figure);
await cache.engine.dispose();
