/** A model small enough for finite differences, and its objective in plain float64 numbers. */
import { random } from "pullback-core";
import type { ModelSpec } from "../../../packages/core/src/model/network.ts";
import { network } from "../../../packages/core/src/model/network.ts";
import { parameterViews } from "../../../packages/core/src/model/parameters.ts";

export const tiny = (over: Partial<ModelSpec> = {}): ModelSpec => ({
  latentDimension: 2,
  dataDimension: 5,
  encoder: { widths: [4], activation: "tanh" },
  decoder: { kind: "dense", widths: [3, 4], activation: "tanh" },
  mean: "softplus",
  likelihood: "gaussian",
  ...over,
});

export const draws = (seed: number, length: number): Float32Array => {
  const { normal } = random(seed, "draws");
  return Float32Array.from({ length }, () => normal());
};

type Matrix = number[][];

const softplus = (x: number): number => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
const functions: Record<string, (x: number) => number> = {
  linear: (x) => x,
  tanh: Math.tanh,
  softplus,
  relu: (x) => Math.max(x, 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};

/** ln w of Eq. 4 for one observation and one z, every density written out; and the bound of Eq. 3. */
export function plainBound(
  spec: ModelSpec,
  parameters: Float64Array,
  x: ArrayLike<number>,
  noise: ArrayLike<number>,
  samples: number,
  prior = 1,
): number {
  const named = parameterNumbers(spec, parameters);
  const layer = (name: string, row: number[], activation: string): number[] => {
    const { weight, bias } = {
      weight: named[`${name}.weight`] as number[],
      bias: named[`${name}.bias`] as number[],
    };
    return bias.map((b, j) => {
      const sum = row.reduce(
        (s, value, i) => s + value * (weight[i * bias.length + j] as number),
        b,
      );
      return (functions[activation] as (x: number) => number)(sum);
    });
  };
  const { dataDimension: D, latentDimension: d, encoder, decoder } = spec;
  const rows: Matrix = Array.from({ length: x.length / D }, (_, b) =>
    Array.from({ length: D }, (_, j) => x[b * D + j] as number),
  );
  const decode = (z: number[]): number[] => {
    if (decoder.kind === "dense")
      return layer(
        "decoder.mean",
        decoder.widths.reduce((h, _, i) => layer(`decoder.${i}`, h, decoder.activation), z),
        "linear",
      );
    let h = layer("decoder.input", z, decoder.activation);
    for (let i = 0; i < decoder.blocks; i++) {
      const step = layer(`decoder.${i}`, h, decoder.activation);
      h = h.map((value, j) => value + (step[j] as number));
    }
    return layer("decoder.mean", h, "linear");
  };
  const gaussian = (v: number, mean: number, variance: number): number =>
    -0.5 * (Math.log(2 * Math.PI * variance) + (v - mean) ** 2 / variance);
  const logLikelihood = (row: number[], z: number[]): number => {
    const means = decode(z).map(functions[spec.mean] as (x: number) => number);
    return row.reduce((sum, value, j) => {
      const mean = means[j] as number;
      return spec.likelihood === "bernoulli"
        ? sum + value * Math.log(mean) + (1 - value) * Math.log(1 - mean)
        : sum + gaussian(value, mean, Math.exp(2 * (named.logSigma?.[0] as number)));
    }, 0);
  };
  let total = 0;
  rows.forEach((row, b) => {
    const h = encoder.widths.reduce((v, _, i) => layer(`encoder.${i}`, v, encoder.activation), row);
    const mean = layer("encoder.mean", h, "linear");
    const variance = layer("encoder.variance", h, "softplus").map((v) => v + 1e-6);
    let sum = 0;
    for (let k = 0; k < samples; k++) {
      const z = mean.map((m, i) => {
        const epsilon = noise[(b * samples + k) * d + i] as number;
        return m + epsilon * Math.sqrt(variance[i] as number);
      });
      const logPrior = z.reduce((s, value) => s + gaussian(value, 0, 1), 0);
      const logPosterior = z.reduce(
        (s, value, i) => s + gaussian(value, mean[i] as number, variance[i] as number),
        0,
      );
      sum += Math.exp(logLikelihood(row, z) + prior * (logPrior - logPosterior));
    }
    total += Math.log(sum / samples);
  });
  return total / rows.length;
}

function parameterNumbers(spec: ModelSpec, flat: Float64Array): Record<string, number[]> {
  const { parameters } = network(spec);
  const places = parameterViews(parameters, new Float32Array(flat.length));
  return Object.fromEntries(
    Object.entries(places).map(([name, { data }]) => {
      const start = data.byteOffset / 4;
      return [name, Array.from(flat.subarray(start, start + data.length))];
    }),
  );
}
