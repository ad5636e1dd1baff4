import type { Tensor } from "pullback-core";
import { bind, toNumbers } from "pullback-core";
import { afterAll, describe, expect, it } from "vitest";
import { encoderGraph } from "../../../packages/core/src/model/export.ts";
import { gradientName, trainingGraph } from "../../../packages/core/src/model/iwae.ts";
import type { ModelSpec } from "../../../packages/core/src/model/network.ts";
import { network } from "../../../packages/core/src/model/network.ts";
import { initialParameters, parameterViews } from "../../../packages/core/src/model/parameters.ts";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { draws, plainBound, tiny } from "./tiny.ts";

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());

const batchSize = 3;

async function evaluate(spec: ModelSpec, samples: number, prior = 1) {
  const net = network(spec);
  // Wider than the initial ones, and with biases, so that nothing is zero by chance.
  const flat = initialParameters(net.parameters, 3);
  draws(4, flat.length).forEach((value, i) => {
    flat[i] = (flat[i] as number) + 0.3 * value;
  });
  const drawn = draws(5, batchSize * spec.dataDimension);
  const x = spec.likelihood === "bernoulli" ? drawn.map((value) => (value > 0 ? 1 : 0)) : drawn;
  const noise = draws(6, batchSize * samples * spec.latentDimension);
  const program = await engine.compile(trainingGraph(net, { batchSize, samples }));
  const outputs = await program.run({
    x: { type: "float32", shape: [batchSize, spec.dataDimension], data: x },
    noise: { type: "float32", shape: [batchSize * samples, spec.latentDimension], data: noise },
    priorWeight: { type: "float32", shape: [], data: Float32Array.of(prior) },
    ...parameterViews(net.parameters, flat),
  });
  const plain = (parameters: Float64Array) =>
    plainBound(spec, parameters, x, noise, samples, prior);
  const gradient = net.parameters.flatMap(({ name }) =>
    Array.from(outputs[gradientName(name)]?.data as Float32Array),
  );
  return {
    bound: outputs.objective?.data[0] as number,
    gradient,
    plain,
    flat: Float64Array.from(flat),
  };
}

const models: Record<string, ModelSpec> = {
  "gaussian, softplus mean": tiny(),
  "gaussian, linear mean": tiny({ mean: "linear" }),
  "gaussian, sigmoid mean": tiny({ mean: "sigmoid" }),
  bernoulli: tiny({ likelihood: "bernoulli", mean: "sigmoid" }),
  "residual decoder": tiny({
    likelihood: "bernoulli",
    mean: "sigmoid",
    decoder: { kind: "residual", width: 4, blocks: 3, activation: "tanh" },
  }),
  "softplus and sigmoid layers": tiny({
    encoder: { widths: [4, 3], activation: "softplus" },
    decoder: { kind: "dense", widths: [4], activation: "sigmoid" },
  }),
  "one latent dimension": tiny({ latentDimension: 1 }),
};

describe.each(Object.entries(models))("the objective, %s", (_, spec) => {
  it.each([1, 4])("equals the densities written out, K = %i (Eq. 2 to 4)", async (samples) => {
    const { bound, plain, flat } = await evaluate(spec, samples);
    expect(bound).toBeCloseTo(plain(flat), 4);
  });

  it("weighs the prior while it warms up", async () => {
    const { bound, plain, flat } = await evaluate(spec, 3, 0.25);
    expect(bound).toBeCloseTo(plain(flat), 4);
  });

  it("has the gradient of finite differences", async () => {
    const { gradient, plain, flat } = await evaluate(spec, 3);
    const h = 1e-5;
    const differences = Array.from(flat, (_, i) => {
      const moved = (by: number) => plain(flat.map((value, j) => (j === i ? value + by : value)));
      return -(moved(h) - moved(-h)) / (2 * h);
    });
    const scale = Math.max(...differences.map(Math.abs));
    expect(scale).toBeGreaterThan(0.01);
    gradient.forEach((value, i) => {
      expect(Math.abs(value - (differences[i] as number)) / scale).toBeLessThan(2e-5);
    });
  });
});

it("with one sample estimates the evidence lower bound (Eq. 2)", async () => {
  const spec = tiny({ decoder: { kind: "dense", widths: [], activation: "tanh" }, mean: "linear" });
  const net = network(spec);
  const flat = initialParameters(net.parameters, 3);
  const views = parameterViews(net.parameters, flat);
  const x = draws(5, 5);
  const copies = 4000;
  const program = await engine.compile(trainingGraph(net, { batchSize: copies, samples: 1 }));
  const { objective: bound } = await program.run({
    x: {
      type: "float32",
      shape: [copies, 5],
      data: Float32Array.from({ length: 5 * copies }, (_, i) => x[i % 5] as number),
    },
    noise: { type: "float32", shape: [copies, 2], data: draws(6, 2 * copies) },
    priorWeight: { type: "float32", shape: [], data: Float32Array.of(1) },
    ...views,
  });
  // For a linear decoder E_q ln p(x|z) and KL(q | p) are closed forms.
  const posterior = await engine.compile(bind(encoderGraph(spec, flat), { n: 1 }));
  const q = await posterior.run({ x: { type: "float32", shape: [1, 5], data: x } });
  const [m, v] = [toNumbers(q.mean as Tensor), toNumbers(q.variance as Tensor)];
  const W = (j: number, k: number): number =>
    views["decoder.mean.weight"]?.data[k * 5 + j] as number;
  let elbo = -2.5 * Math.log(2 * Math.PI);
  for (let j = 0; j < 5; j++) {
    const mean = W(j, 0) * (m[0] as number) + W(j, 1) * (m[1] as number);
    const spread = W(j, 0) ** 2 * (v[0] as number) + W(j, 1) ** 2 * (v[1] as number);
    elbo -= 0.5 * (((x[j] as number) - mean) ** 2 + spread);
  }
  for (let k = 0; k < 2; k++)
    elbo += 0.5 * (1 + Math.log(v[k] as number) - (m[k] as number) ** 2 - (v[k] as number));
  expect(Math.abs((bound?.data[0] as number) - elbo)).toBeLessThan(0.06);
});
