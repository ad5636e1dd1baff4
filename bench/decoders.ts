/** @file Decoders to measure on: random ones of the paper's shapes, so no training is needed. */
import type { Decoder, Value } from "pullback";
import {
  add,
  constant,
  decoder,
  graph,
  input,
  matmul,
  random,
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
