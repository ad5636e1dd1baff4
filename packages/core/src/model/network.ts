/**
 * @file The two networks of a variational autoencoder (Tables 2 to 5): recognition and generation.
 *
 * A `ModelSpec` is plain data that says what they are; `network` makes their layers from it.
 */
import type { Likelihood } from "../format/model.ts";
import { add, softplus } from "../graph/operators/index.ts";
import type { Value } from "../graph/value.ts";
import type { Activation, Layer } from "./layers.ts";
import { dense, residual, sequence } from "./layers.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";

/** What the decoder's mean goes through last. A Bernoulli likelihood has `sigmoid`. */
export type MeanActivation = "linear" | "softplus" | "sigmoid";

export type DecoderBody =
  | { readonly kind: "dense"; readonly widths: readonly number[]; readonly activation: Activation }
  | {
      readonly kind: "residual";
      readonly width: number;
      readonly blocks: number;
      readonly activation: Activation;
    };

export interface ModelSpec {
  readonly latentDimension: number;
  readonly dataDimension: number;
  readonly encoder: { readonly widths: readonly number[]; readonly activation: Activation };
  readonly decoder: DecoderBody;
  readonly mean: MeanActivation;
  readonly likelihood: Likelihood;
  /** Mean of the data, by column: the decoder starts there. Zero weights and bias by default. */
  readonly dataMean?: readonly number[];
  /** Standard deviation that a Gaussian likelihood starts with; 1 by default. */
  readonly sigma?: number;
}

/** Diagonal Gaussian q(z|x); both [n, d]. */
export interface Posterior {
  readonly mean: Value;
  readonly variance: Value;
}

export interface Network {
  readonly spec: ModelSpec;
  readonly parameters: readonly ParameterSpec[];
  /** The encoder's last hidden layer, from which mean and variance are read. */
  features(x: Value, weights: Weights): Value;
  encode(x: Value, weights: Weights): Posterior;
  /** What the mean's activation is applied to, [n, D]: logits for a Bernoulli likelihood. */
  decode(z: Value, weights: Weights): Value;
}

/** Added to the variance of q, whose logarithm the objective takes: softplus underflows. */
const leastVariance = 1e-6;

/** Name of the global ln sigma of a Gaussian likelihood. */
export const logSigma = "logSigma";

export function network(spec: ModelSpec): Network {
  const { dataDimension, latentDimension } = spec;
  const { widths, activation } = spec.encoder;
  const trunk = sequence(
    widths.map((to, i) =>
      dense(`encoder.${i}`, widths[i - 1] ?? dataDimension, to, { activation }),
    ),
  );
  const top = widths.at(-1) ?? dataDimension;
  const mean = dense("encoder.mean", top, latentDimension);
  const variance = dense("encoder.variance", top, latentDimension);
  const generator = sequence(decoderLayers(spec));
  const sigma: ParameterSpec[] =
    spec.likelihood === "gaussian"
      ? [{ name: logSigma, shape: [], initial: Math.log(spec.sigma ?? 1) }]
      : [];
  return {
    spec,
    parameters: [
      ...[trunk, mean, variance, generator].flatMap(({ parameters }) => parameters),
      ...sigma,
    ],
    features: (x, weights) => trunk.apply(x, weights),
    encode(x, weights) {
      const h = trunk.apply(x, weights);
      return {
        mean: mean.apply(h, weights),
        variance: add(softplus(variance.apply(h, weights)), leastVariance),
      };
    },
    decode: (z, weights) => generator.apply(z, weights),
  };
}

function decoderLayers({
  decoder,
  latentDimension: d,
  dataDimension,
  mean,
  dataMean,
}: ModelSpec): Layer[] {
  const bias = dataMean?.map((value) => beforeActivation(mean, value)) ?? 0;
  if (decoder.kind === "dense") {
    const { widths, activation } = decoder;
    return [
      ...widths.map((to, i) => dense(`decoder.${i}`, widths[i - 1] ?? d, to, { activation })),
      dense("decoder.mean", widths.at(-1) ?? d, dataDimension, { bias }),
    ];
  }
  const { width, blocks, activation } = decoder;
  return [
    dense("decoder.input", d, width, { activation }),
    ...Array.from({ length: blocks }, (_, i) => residual(`decoder.${i}`, width, activation)),
    dense("decoder.mean", width, dataDimension, { bias }),
  ];
}

/** The number that the activation takes to `value`, kept where the activation still has a slope. */
function beforeActivation(activation: MeanActivation, value: number): number {
  if (activation === "linear") return value;
  const least = 0.01;
  if (activation === "softplus") return Math.log(Math.expm1(Math.max(value, least)));
  const p = Math.min(1 - least, Math.max(value, least));
  return Math.log(p / (1 - p));
}
