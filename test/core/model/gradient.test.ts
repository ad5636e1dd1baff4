import type { Tensor } from "pullback-core";
import { afterAll, describe, expect, it } from "vitest";
import { boundGradient, drawByWeight } from "../../../packages/core/src/model/gradient.ts";
import { network } from "../../../packages/core/src/model/network.ts";
import { initialParameters, parameterViews } from "../../../packages/core/src/model/parameters.ts";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { draws, plainBound, tiny } from "./tiny.ts";

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());

describe("drawing by weight", () => {
  const logarithms = [0.5, -2, 1.5, 0.1, -40].map((x) => x + 700);
  const weights = logarithms.map((x) => Math.exp(x - 700));
  const total = weights.reduce((a, b) => a + b);

  it("over all offsets draws each as often as its share says", () => {
    const offsets = 10_000;
    const counts = new Float64Array(5);
    for (let i = 0; i < offsets; i++)
      for (const place of drawByWeight(logarithms, 3, (i + 0.5) / offsets).chosen)
        counts[place] = (counts[place] as number) + 1 / offsets;
    weights.forEach((weight, i) => {
      expect(counts[i]).toBeCloseTo((3 * weight) / total, 3);
    });
  });

  it("draws each within one of as often as its share says, whatever the offset", () => {
    for (const offset of [0, 0.3, 0.999]) {
      const { chosen } = drawByWeight(logarithms, 7, offset);
      expect(chosen.length).toBe(7);
      weights.forEach((weight, i) => {
        const drawn = chosen.filter((place) => place === i).length;
        expect(Math.abs(drawn - (7 * weight) / total)).toBeLessThan(1);
      });
    }
  });

  it("knows the logarithm of the mean where weights overflow", () => {
    expect(drawByWeight(logarithms, 1, 0).logMean).toBeCloseTo(700 + Math.log(total / 5), 10);
  });

  it("draws equal weights once each, a single one that counts every time", () => {
    expect([...drawByWeight([2, 2, 2, 2], 4, 0.5).chosen]).toEqual([0, 1, 2, 3]);
    expect([...drawByWeight([0, 300, 0], 3, 0.9).chosen]).toEqual([1, 1, 1]);
    expect([...drawByWeight([-Infinity, -Infinity], 2, 0.5).chosen]).toEqual([0, 0]);
  });
});

describe("a gradient at drawn samples", () => {
  const [batchSize, samples] = [3, 8];
  const spec = tiny();
  const net = network(spec);
  const flat = initialParameters(net.parameters, 3).map(
    (value, i) => value + 0.3 * (draws(4, i + 1).at(-1) as number),
  );
  const tensor = (shape: number[], data: Float32Array): Tensor<"float32"> => ({
    type: "float32",
    shape,
    data,
  });
  const x = tensor([batchSize, 5], draws(5, batchSize * 5));
  const noise = tensor([batchSize * samples, 2], draws(6, batchSize * samples * 2));
  const priorWeight = tensor([], Float32Array.of(0.5));

  async function gradientOf(gradientSamples: number | undefined, offsets: readonly number[]) {
    const gradient = new Float32Array(flat.length);
    const job = await boundGradient({
      ...{ engine, network: net, batchSize, samples, gradientSamples },
      parameters: parameterViews(net.parameters, flat),
      gradients: parameterViews(net.parameters, gradient),
    });
    const mean = new Float64Array(flat.length);
    let bound = 0;
    for (const offset of offsets) {
      bound = await job.run({ x, noise, priorWeight }, () => offset);
      gradient.forEach((g, i) => {
        mean[i] = (mean[i] as number) + g / offsets.length;
      });
    }
    await job.dispose();
    return { bound, mean };
  }

  const grid = (n: number) => Array.from({ length: n }, (_, i) => (i + 0.5) / n);

  it.each([1, 3])("is the bound's in expectation, %i of 8 samples", async (kept) => {
    const exact = await gradientOf(undefined, [0]);
    const drawn = await gradientOf(kept, grid(200));
    const scale = Math.max(...exact.mean.map(Math.abs));
    exact.mean.forEach((g, i) => {
      expect(Math.abs((drawn.mean[i] as number) - g) / scale).toBeLessThan(0.01);
    });
  });

  it("comes with the bound of all samples", async () => {
    const plain = plainBound(spec, Float64Array.from(flat), x.data, noise.data, samples, 0.5);
    expect((await gradientOf(2, [0.5])).bound).toBeCloseTo(plain, 4);
    expect((await gradientOf(undefined, [0.5])).bound).toBeCloseTo(plain, 4);
  });
});
