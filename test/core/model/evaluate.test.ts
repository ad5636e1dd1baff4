import { random, zeros } from "pullback-core";
import { afterAll, describe, expect, it } from "vitest";
import { encodeAll, heldOutLikelihood } from "../../../packages/core/src/model/evaluate.ts";
import { network } from "../../../packages/core/src/model/network.ts";
import { initialParameters, parameterViews } from "../../../packages/core/src/model/parameters.ts";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { draws, tiny } from "./tiny.ts";

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());

/**
 * Probabilistic PCA (Tipping and Bishop 1999): x = W z + b + sigma noise, with one latent
 * dimension, so that ln p(x) is a Gaussian of covariance W W^T + sigma^2 I in closed form:
 * |C| = sigma^(2D) (1 + |W|^2 / sigma^2), C^-1 = (I - W W^T / (sigma^2 + |W|^2)) / sigma^2.
 */
describe("heldOutLikelihood", () => {
  const spec = tiny({
    latentDimension: 1,
    encoder: { widths: [], activation: "tanh" },
    decoder: { kind: "dense", widths: [], activation: "tanh" },
    mean: "linear",
  });
  const sigma = 0.4;
  const W = [0.8, -0.5, 0.3, 1.1, -0.2];
  const b = [0.1, 0.2, -0.3, 0.4, 0];
  const length = W.reduce((sum, w) => sum + w * w, 0);
  const scale = sigma ** 2 + length;
  const parameters = initialParameters(network(spec).parameters, 1);
  const set = (name: string, values: readonly number[]) =>
    parameterViews(network(spec).parameters, parameters)[name]?.data.set(values);
  set("decoder.mean.weight", W);
  set("decoder.mean.bias", b);
  set("logSigma", [Math.log(sigma)]);
  // A proposal near the posterior N(W^T (x - b) / scale, sigma^2 / scale), but not the posterior.
  set(
    "encoder.mean.weight",
    W.map((w) => (0.95 * w) / scale),
  );
  set("encoder.mean.bias", [-W.reduce((sum, w, i) => sum + w * (b[i] as number), 0) / scale]);
  set("encoder.variance.weight", [0, 0, 0, 0, 0]);
  set("encoder.variance.bias", [Math.log(Math.expm1((1.3 * sigma ** 2) / scale))]);

  const rows = 30;
  const { normal } = random(8, "observations");
  const data = zeros("float32", [rows, 5]);
  for (let i = 0; i < rows; i++) {
    const z = normal();
    for (let j = 0; j < 5; j++)
      data.data[i * 5 + j] = (W[j] as number) * z + (b[j] as number) + sigma * normal();
  }
  const exact = Array.from({ length: rows }, (_, i) => {
    const e = W.map((_, j) => (data.data[i * 5 + j] as number) - (b[j] as number));
    const along = e.reduce((sum, value, j) => sum + value * (W[j] as number), 0);
    const quadratic =
      (e.reduce((sum, value) => sum + value ** 2, 0) - along ** 2 / scale) / sigma ** 2;
    const determinant = 10 * Math.log(sigma) + Math.log(scale / sigma ** 2);
    return -0.5 * (5 * Math.log(2 * Math.PI) + determinant + quadratic);
  });
  const mean = exact.reduce((sum, value) => sum + value, 0) / rows;

  it("finds the closed form of probabilistic PCA", async () => {
    const estimate = await heldOutLikelihood({ engine, spec, parameters, data, seed: 1 });
    expect(estimate.samples).toBe(5000);
    expect(estimate.observations).toBe(rows);
    // The importance weights of 5000 samples leave about 0.01 an observation, 0.002 on average.
    expect(Math.abs(estimate.logLikelihood - mean)).toBeLessThan(0.01);
    const spread = exact.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (rows - 1);
    expect(estimate.standardError).toBeCloseTo(Math.sqrt(spread / rows), 2);
  });

  it("is the same for the same seed, in whatever chunk an observation lies", async () => {
    const options = { engine, spec, parameters, data, seed: 2, samples: 500 };
    const [a, b] = [await heldOutLikelihood(options), await heldOutLikelihood(options)];
    expect(a).toEqual(b);
  });

  it("names the shape that it was given", async () => {
    const wrong = zeros("float32", [3, 4]);
    await expect(
      heldOutLikelihood({ engine, spec, parameters, data: wrong, seed: 1 }),
    ).rejects.toThrow("heldOutLikelihood: expected data [N, 5], got [3, 4]");
  });
});

it("encodeAll gives the means of q, over the end of the last chunk", async () => {
  const spec = tiny({ encoder: { widths: [], activation: "tanh" } });
  const net = network(spec);
  const parameters = initialParameters(net.parameters, 4);
  const rows = 2300;
  const data = { type: "float32" as const, shape: [rows, 5], data: draws(2, rows * 5) };
  const latents = await encodeAll({ engine, spec, parameters, data });
  expect(latents.shape).toEqual([rows, 2]);
  const weight = parameterViews(net.parameters, parameters)["encoder.mean.weight"]?.data;
  for (const row of [0, 999, 1000, 2299])
    for (let k = 0; k < 2; k++) {
      let sum = 0;
      for (let j = 0; j < 5; j++)
        sum += (data.data[row * 5 + j] as number) * (weight?.[j * 2 + k] as number);
      expect(latents.data[row * 2 + k]).toBeCloseTo(sum, 5);
    }
});
