/** @file `layers.json`: which arrays of a file of weights make up a dense decoder. */
import * as v from "valibot";

export const activationNames = [
  "linear",
  "tanh",
  "sigmoid",
  "softplus",
  "relu",
  "leakyRelu",
  "elu",
  "gelu",
] as const;

export const LayersFile = v.object({
  /** From the latent code to the data. */
  layers: v.pipe(
    v.array(
      v.object({
        /** Name of the matrix. */
        weight: v.string(),
        /** Name of the row that is added; none where it is absent. */
        bias: v.optional(v.string()),
        activation: v.optional(v.picklist(activationNames), "linear"),
        /** The layer's input is added to its result. */
        residual: v.optional(v.boolean(), false),
      }),
    ),
    v.minLength(1),
  ),
  /** Shape of the matrices: [out, in] as PyTorch keeps them, or [in, out] as Keras. */
  order: v.optional(v.picklist(["out,in", "in,out"]), "out,in"),
});
export type LayersFile = v.InferOutput<typeof LayersFile>;
