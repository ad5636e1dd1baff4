/**
 * @file Training through distances: a code moves until it is equally far from two others.
 *
 * Every geodesic comes with the derivative of its length by both of its ends, so a loss of
 * distances has a gradient: here (d(z, a) - d(z, b))^2, with plain gradient descent on z. An
 * encoder would take the same gradient further back, into its weights.
 *
 *     node examples/train-through-distance.mjs out/pendulum/model 3 40
 */
import { connect, nativeEngine, programCache, pullback, readModel } from "pullback";

const [folder, first, second] = process.argv.slice(2);
const { decoder, latents } = await readModel(folder);
const d = decoder.latentDimension;
const code = (i) => [...latents.data.subarray(i * d, (i + 1) * d)];
const [a, b] = [code(Number(first)), code(Number(second))];

const engine = nativeEngine();
const cache = programCache(engine);
const metric = pullback(decoder);
let z = a.map((x, k) => x + 0.1 * (b[k] - x));
for (let step = 0; step < 20; step++) {
  const pairs = Float64Array.from([...z, ...a, ...z, ...b]);
  const { geodesics } = await connect({ engine, cache, metric, pairs });
  const [toA, toB] = geodesics;
  const difference = toA.length - toB.length;
  console.log(`step ${step}: ${toA.length.toFixed(3)} and ${toB.length.toFixed(3)}`);
  if (Math.abs(difference) < 1e-3 * (toA.length + toB.length)) break;
  const slope = z.map((_, k) => toA.gradientFrom[k] - toB.gradientFrom[k]);
  // Newton's step for the difference along its own gradient, at most a fifth of the way.
  const square = slope.reduce((sum, x) => sum + x * x, 0);
  const reach = 0.2 * Math.hypot(...a.map((x, k) => b[k] - x));
  const size = Math.min(Math.abs(difference) / square, reach / Math.sqrt(square));
  z = z.map((x, k) => x - Math.sign(difference) * size * slope[k]);
}
await engine.dispose();
