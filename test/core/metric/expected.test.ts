import { nativeEngine } from "pullback";
import {
  concat,
  connect,
  constant,
  decoder,
  evaluator,
  expected,
  graph,
  input,
  matmul,
  measure,
  precisionNetwork,
  programCache,
  pullback,
  random,
  straightNodes,
  tensorFrom,
} from "pullback-core";
import { describe, expect, test } from "vitest";

const cache = programCache(nativeEngine({ threads: 1 }));

/** Codes near a ring of radius 1. */
const ring = (() => {
  const { normal, uniform } = random(4, "ring");
  return Float64Array.from(
    Array.from({ length: 800 }, () => {
      const angle = 2 * Math.PI * uniform();
      const radius = 1 + 0.02 * normal();
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    }).flat(),
  );
})();

/** A flat sheet in four dimensions: distances of the mean are those of the plane. */
const sheet = (() => {
  const z = input("z", "float64", ["n", 2]);
  const zero = matmul(z, constant(tensorFrom("float64", [2, 2], [0, 0, 0, 0])));
  return decoder(graph([z], { mean: concat([z, zero], 1) }));
})();

const network = precisionNetwork({ codes: ring, d: 2, sigma: 0.1, far: 20 });

async function sigmas(points: Float64Array): Promise<number[]> {
  const x = await evaluator(cache, expected(sheet, network)).images(points);
  // The fifth number is sqrt(D) sigma.
  return Array.from({ length: points.length / 2 }, (_, i) => (x[5 * i + 4] as number) / 2);
}

describe("the precision network", () => {
  test("is as sure as it is told among the codes, and far less away from them", async () => {
    const among = await sigmas(ring);
    const mean = among.reduce((a, b) => a + b) / among.length;
    expect(mean).toBeCloseTo(0.1, 2);
    expect(Math.max(...among)).toBeLessThan(0.13);
    const [centre, away] = await sigmas(Float64Array.of(0, 0, 5, 5));
    expect(centre).toBeGreaterThan(1.9);
    expect(away).toBeCloseTo(2, 10);
  });

  test("has weights of greatest likelihood", () => {
    const { centres, widths, weights, floor } = network;
    const likelihood = (of: Float64Array): number => {
      let sum = 0;
      for (let i = 0; i < ring.length; i += 2) {
        let beta = floor;
        for (let k = 0; k < of.length; k++)
          beta +=
            (of[k] as number) *
            Math.exp(
              -(
                ((ring[i] as number) - (centres[2 * k] as number)) ** 2 +
                ((ring[i + 1] as number) - (centres[2 * k + 1] as number)) ** 2
              ) /
                (2 * (widths[k] as number) ** 2),
            );
        sum += Math.log(beta) - 0.01 * beta;
      }
      return sum;
    };
    const best = likelihood(weights);
    for (const by of [0.8, 1.25])
      for (let k = 0; k < weights.length; k += 7)
        expect(likelihood(weights.map((w, j) => (j === k ? by * w : w)))).toBeLessThan(best + 1e-3);
  });

  test("is the same for the same seed", () => {
    expect(precisionNetwork({ codes: ring, d: 2, sigma: 0.1, far: 20 })).toEqual(network);
    const other = precisionNetwork({ codes: ring, d: 2, sigma: 0.1, far: 20, seed: 2 });
    expect(other.centres).not.toEqual(network.centres);
  });

  test("refuses what it cannot be fitted to", () => {
    expect(() => precisionNetwork({ codes: [], d: 2, sigma: 1 })).toThrow("expected codes");
    expect(() => precisionNetwork({ codes: ring, d: 2, sigma: 0 })).toThrow("sigma above 0, got 0");
  });
});

describe("the expected metric", () => {
  test("is that of the mean and of sigma, by finite differences", async () => {
    const points = Float64Array.of(0.9, 0.2, 0.5, -0.6, 0, 0.3);
    const h = 1e-5;
    const G = await evaluator(cache, expected(sheet, network)).tensors(points);
    for (let i = 0; i < 3; i++) {
      const at = (dx: number, dy: number) =>
        Float64Array.of((points[2 * i] as number) + dx, (points[2 * i + 1] as number) + dy);
      const slope = async (dx: number, dy: number) =>
        (((await sigmas(at(dx, dy)))[0] as number) - ((await sigmas(at(-dx, -dy)))[0] as number)) /
        (2 * h);
      const [a, b] = [await slope(h, 0), await slope(0, h)];
      [1 + 4 * a * a, 4 * a * b, 4 * a * b, 1 + 4 * b * b].forEach((entry, k) => {
        expect(G[4 * i + k]).toBeCloseTo(entry, 5);
      });
    }
  });

  test("keeps geodesics to the data: around the ring, where the mean alone goes across", async () => {
    const pairs = Float64Array.of(1, 0, -0.6, 0.8);
    const angle = Math.PI - Math.asin(0.8);
    const [around] = (
      await connect({
        engine: cache.engine,
        metric: expected(sheet, network),
        pairs,
        latents: ring,
      })
    ).geodesics;
    const [across] = (await connect({ engine: cache.engine, metric: pullback(sheet), pairs }))
      .geodesics;
    expect(across?.length).toBeCloseTo(Math.hypot(1.6, 0.8), 6);
    const curve = around?.curve as Float64Array;
    const radii = Array.from({ length: curve.length / 2 }, (_, i) =>
      Math.hypot(curve[2 * i] as number, curve[2 * i + 1] as number),
    );
    expect(Math.min(...radii)).toBeGreaterThan(0.85);
    const arc = Float64Array.from({ length: 402 }, (_, i) => {
      const t = (angle * Math.floor(i / 2)) / 200;
      return i % 2 === 0 ? Math.cos(t) : Math.sin(t);
    });
    const ev = evaluator(cache, expected(sheet, network));
    const [onRing] = await measure(ev, [arc], 1e-6);
    const [straight] = await measure(
      ev,
      [straightNodes(pairs.slice(0, 2), pairs.slice(2), 64)],
      1e-6,
    );
    expect(around?.length).toBeLessThan(onRing?.length as number);
    expect(around?.length).toBeLessThan(straight?.length as number);
  });
});
