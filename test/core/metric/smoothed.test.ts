import { nativeEngine } from "pullback";
import type { FloatType, MapMetric, Metric, Smoothing } from "pullback-core";
import {
  connect,
  constant,
  decoder,
  evaluator,
  graph,
  input,
  matmul,
  measure,
  programCache,
  pullback,
  random,
  smoothed,
  softplus,
  straight,
  straightNodes,
  tanh,
  tensorFrom,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import { symmetricEigen } from "../../../packages/core/src/array/eigen.ts";
import { linear, sphere } from "../../reference/surfaces.ts";

const cache = programCache(nativeEngine({ threads: 1 }));

/** d-16-12 with random weights, of unequal strength along the latent axes. */
function network(d: number, type: FloatType): MapMetric {
  const { normal } = random(3, "network", d);
  const weights = (rows: number, columns: number, scale: (row: number) => number) =>
    constant(
      tensorFrom(
        type,
        [rows, columns],
        Array.from({ length: rows * columns }, (_, i) => scale(Math.floor(i / columns)) * normal()),
      ),
    );
  const z = input("z", type, ["n", d]);
  const hidden = tanh(
    matmul(
      z,
      weights(d, 16, (row) => 0.8 / (1 + 2 * row)),
    ),
  );
  return pullback(
    decoder(
      graph([z], {
        mean: softplus(
          matmul(
            hidden,
            weights(16, 12, () => 1),
          ),
        ),
      }),
    ),
  );
}

/** Eq. 17 from eigenvalues: G is symmetric, so U = V and its singular values are those. */
function equation17(G: Float64Array, d: number, { lambda, rank = d }: Smoothing): number[] {
  const { values, vectors } = symmetricEigen(G, d);
  return Array.from({ length: d * d }, (_, at) => {
    const [k, l] = [Math.floor(at / d), at % d];
    return [...values.keys()].slice(0, rank).reduce((sum, i) => {
      const s = values[i] as number;
      return (
        sum +
        (s ** 3 / (s ** 2 + lambda)) *
          (vectors[i * d + k] as number) *
          (vectors[i * d + l] as number)
      );
    }, 0);
  });
}

describe("the smoothed metric", () => {
  const cases = [2, 3, 5].flatMap((d) =>
    [undefined, 1, d - 1].flatMap((rank) => [0, 0.5, 1e4].map((lambda) => ({ d, rank, lambda }))),
  );
  test.each(cases)("is that of Eq. 17: %j", async ({ d, ...smoothing }) => {
    const metric = network(d, "float64");
    const { normal } = random(5, "points");
    const z = Float64Array.from({ length: 7 * d }, () => normal());
    const G = await evaluator(cache, metric).tensors(z);
    const smooth = await evaluator(cache, smoothed(metric, smoothing)).tensors(z);
    for (let row = 0; row < 7; row++) {
      const expected = equation17(G.slice(row * d * d, (row + 1) * d * d), d, smoothing);
      const scale = Math.max(...expected.map(Math.abs));
      expected.forEach((entry, i) => {
        expect((smooth[row * d * d + i] as number) / scale).toBeCloseTo(entry / scale, 10);
      });
    }
  });

  test("keeps the digits of its almost free direction where the decoder computes in float32", async () => {
    const points = Float64Array.of(0.3, -0.2, -0.8, 0.5);
    const speeds = async (type: FloatType): Promise<Float64Array> => {
      const metric = network(2, type);
      const G = await evaluator(cache, network(2, "float64")).tensors(points);
      // The eigenvector of the smaller eigenvalue.
      const free = [0, 1].flatMap((row) => {
        const { vectors } = symmetricEigen(G.slice(4 * row, 4 * row + 4), 2);
        return [...vectors.subarray(2)];
      });
      return evaluator(cache, smoothed(metric, { lambda: 1e5 })).speeds(
        points,
        Float64Array.from(free),
      );
    };
    const [exact, single] = [await speeds("float64"), await speeds("float32")];
    exact.forEach((speed, i) => {
      expect((single[i] as number) / speed).toBeCloseTo(1, 3);
    });
  });

  test.each([{ lambda: 2 }, { lambda: 2, rank: 1 }])(
    "has the gradient of its energy: %j",
    async (smoothing) => {
      const evaluate = evaluator(cache, smoothed(network(2, "float64"), smoothing));
      const { normal } = random(9, "curve");
      const nodes = Float64Array.from({ length: 12 }, () => 0.5 * normal());
      const [model] = await evaluate.localModels([nodes]);
      const h = 1e-5;
      const moved = Array.from({ length: 8 }, (_, i) =>
        [h, -h].map((by) => nodes.map((x, j) => (j === i + 2 ? x + by : x))),
      ).flat();
      const energies = (await evaluate.localModels(moved)).map(({ energy }) => energy);
      model?.gradient.forEach((half, i) => {
        const slope = ((energies[2 * i] as number) - (energies[2 * i + 1] as number)) / (2 * h);
        expect(2 * half).toBeCloseTo(slope, 6);
      });
    },
  );

  test("of a linear decoder is the same everywhere: geodesics are straight", async () => {
    const metric = smoothed(linear.metric("float64"), { lambda: 3 });
    const pair = [0, 0, 1, 2];
    const G = await evaluator(cache, linear.metric("float64")).tensors(Float64Array.of(0, 0));
    const [a, b, , c] = equation17(G, 2, { lambda: 3 }) as [number, number, number, number];
    const expected = Math.sqrt(a + 2 * b * 2 + c * 4);
    const { geodesics } = await connect({
      engine: cache.engine,
      metric,
      pairs: Float64Array.from(pair),
      starts: [straight],
    });
    expect(geodesics[0]?.length).toBeCloseTo(expected, 10);
    expect(geodesics[0]?.status).toBe("converged");
  });

  test("makes every curve shorter, the more the larger lambda is", async () => {
    const metric = network(2, "float64");
    const line = straightNodes(Float64Array.of(-1, 0.5), Float64Array.of(1, -0.3), 32);
    const length = async (of: Metric): Promise<number> =>
      (await measure(evaluator(cache, of), [line], 1e-6))[0]?.length as number;
    let before = await length(metric);
    for (const lambda of [1e-2, 1, 100]) {
      const now = await length(smoothed(metric, { lambda }));
      expect(now).toBeLessThan(before);
      before = now;
    }
  });

  test("of rank 1 is not defined where both singular values are equal", async () => {
    const metric = smoothed(sphere.metric("float64"), { lambda: 1, rank: 1 });
    const G = await evaluator(cache, metric).tensors(Float64Array.of(0, 0));
    expect([...G].every(Number.isNaN)).toBe(true);
  });

  test.each([
    [{ lambda: -1 }, "smoothed metric: expected lambda of at least 0, got -1"],
    [{ lambda: Number.NaN }, "smoothed metric: expected lambda of at least 0, got NaN"],
    [{ lambda: 1, rank: 3 }, "smoothed metric: expected a rank from 1 to 2, got 3"],
  ])("refuses %j", (smoothing, message) => {
    expect(() => smoothed(sphere.metric("float64"), smoothing)).toThrow(message);
  });
});
