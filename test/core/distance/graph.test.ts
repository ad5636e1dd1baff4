/** Distances on graphs and exact ones against surfaces whose distances are known. */
import {
  distanceGraph,
  exactDistances,
  InputError,
  programCache,
  random,
  sampledError,
  shortestPathsOn,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { stereographic, torus } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());
const cache = programCache(engine);

function codes(n: number, d: number): Float64Array {
  const draw = random(8, "codes");
  return Float64Array.from({ length: n * d }, () => 1.2 * draw.uniform() - 0.6);
}

/** Great circles between stereographic points. */
function onSphere(points: Float64Array, d: number, i: number, j: number): number {
  const place = (at: number): number[] => {
    const z = [...points.subarray(at * d, (at + 1) * d)];
    const square = z.reduce((sum, x) => sum + x * x, 0);
    return [1 - square, ...z.map((x) => 2 * x)].map((x) => x / (1 + square));
  };
  const [a, b] = [place(i), place(j)];
  return 2 * Math.asin(Math.hypot(...a.map((x, k) => x - (b[k] as number))) / 2);
}

describe.each([2, 4])("a sphere of %i dimensions", (d) => {
  const metric = stereographic(d, []).metric("float32");
  const points = codes(d === 2 ? 60 : 600, d);

  test("graph: no shorter than geodesics, and not much longer", async () => {
    const graph = await distanceGraph({ cache, metric, points });
    const search = shortestPathsOn(graph);
    const ratios: number[] = [];
    for (let i = 0; i < 20; i++) {
      const distances = search(i).distance;
      for (let j = 20; j < 60; j++)
        ratios.push((distances[j] as number) / onSphere(points, d, i, j));
    }
    ratios.sort((a, b) => a - b);
    expect(ratios[0]).toBeGreaterThan(0.999);
    // In four dimensions 600 codes lie far apart.
    expect(ratios[ratios.length >> 1]).toBeLessThan(d === 2 ? 1.02 : 1.25);
    expect(ratios[Math.floor(0.95 * ratios.length)]).toBeLessThan(d === 2 ? 1.05 : 1.5);
    const error = await sampledError(graph, { engine, cache, metric, pairs: 20 });
    expect(error.pairs).toBe(20);
    expect(error.bias).toBeGreaterThan(0);
    expect(Math.abs(error.median - ((ratios[ratios.length >> 1] as number) - 1))).toBeLessThan(
      d === 2 ? 0.01 : 0.1,
    );
  });

  test("exact: great circles, from the graph's paths and without", async () => {
    const graph = await distanceGraph({ cache, metric, points });
    const pairs = Array.from({ length: 12 }, (_, i) => [i, 59 - i] as const);
    for (const given of [{ graph }, {}]) {
      const found = await exactDistances([...pairs, [3, 3]], {
        engine,
        cache,
        metric,
        points,
        ...given,
      });
      pairs.forEach(([i, j], at) => {
        expect(Math.abs((found[at] as number) / onSphere(points, d, i, j) - 1)).toBeLessThan(1e-4);
      });
      expect(found[12]).toBe(0);
    }
  });
});

test("a stretched plane keeps its neighbours: a torus ten times as long as wide", async () => {
  const metric = torus.metric("float32");
  const draw = random(2, "stretched");
  const points = Float64Array.from({ length: 200 }, (_, i) => (i % 2 ? 0.1 : 2) * draw.uniform());
  const graph = await distanceGraph({ cache, metric, points });
  const search = shortestPathsOn(graph);
  const ratios = Array.from({ length: 40 }, (_, j) => {
    const [u, v] = [points[2 * j + 2], points[2 * j + 3]] as [number, number];
    const straight = Math.hypot(u - (points[0] as number), v - (points[1] as number));
    return (search(0).distance[j + 1] as number) / straight;
  }).sort((a, b) => a - b);
  expect(ratios[20]).toBeLessThan(1.03);
});

test("refuses fewer than two codes", async () => {
  const metric = torus.metric("float32");
  await expect(distanceGraph({ cache, metric, points: new Float64Array(2) })).rejects.toThrow(
    InputError,
  );
});
