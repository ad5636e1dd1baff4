/**
 * @file What is measured on: a model folder's decoder and codes, or a random decoder of the paper's shapes, so
 * that no training is needed.
 */
import type { Decoder, Random, Tensor, Value } from "pullback";
import {
  add,
  constant,
  decoder,
  graph,
  input,
  matmul,
  random,
  readModel,
  softplus,
  tanh,
  tensorFrom,
} from "pullback";

/**
 * A decoder of the shape of Table 2, 2-512-512-256, tanh and softplus. Weights are scaled so that
 * the map bends about as much as a trained one.
 */
export function tableTwoDecoder(seed = 1): Decoder {
  const draw = random(seed, "bench", "decoder");
  const weights = (shape: readonly number[], scale: number): Value =>
    constant(
      tensorFrom(
        "float32",
        shape,
        Float64Array.from(
          { length: shape.reduce((a, b) => a * b, 1) },
          () => scale * draw.normal(),
        ),
      ),
    );
  const z = input("z", "float32", ["n", 2]);
  let h: Value = z;
  for (const [inputs, outputs, scale] of [
    [2, 512, 1],
    [512, 512, 1.6 / Math.sqrt(512)],
  ] as const)
    h = tanh(add(matmul(h, weights([inputs, outputs], scale)), weights([outputs], 0.5)));
  const mean = softplus(
    add(matmul(h, weights([512, 256], 1 / Math.sqrt(512))), weights([256], 0.5)),
  );
  return decoder(graph([z], { mean }));
}

export interface Subject {
  readonly decoder: Decoder;
  /** Codes of the data, [n, d]; none for a random decoder. */
  readonly latents: Float64Array;
  /** One of the codes, or of the prior where there are none. */
  code(draw: Random): number[];
}

/** The model of a folder, or a random decoder of Table 2 without one. */
export async function subjectOf(folder: string | undefined): Promise<Subject> {
  const model = folder ? await readModel(folder).catch(giveUp) : null;
  const decoder = model?.decoder ?? tableTwoDecoder();
  const d = decoder.latentDimension;
  const latents = Float64Array.from((model?.latents as Tensor<"float32"> | undefined)?.data ?? []);
  return {
    decoder,
    latents,
    code(draw) {
      const at = latents.length > 0 ? draw.integer(latents.length / d) * d : 0;
      return Array.from({ length: d }, (_, k) => latents[at + k] ?? draw.normal());
    },
  };
}

/** A folder that is none is no defect: one line instead of a stack. */
function giveUp(error: Error): never {
  console.error(`bench: ${error.message}`);
  process.exit(1);
}
