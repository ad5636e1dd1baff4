/** @file `docs/support.md`: what a decoder's `.onnx` may contain, from the table that reads it. */
import { lowerings, supportedOperators } from "./lower/index.ts";

/** What an operator may not ask for; nothing is said where all of it is supported. */
export const limits: Readonly<Record<string, string>> = {
  BatchNormalization: "as at inference; `spatial` 0 is refused",
  Cast: "float32, float64, int32, int64, bool",
  Ceil: "of sizes only",
  ConvTranspose: "a kernel that does not reach the `output_shape` is refused",
  Dropout: "as at inference: the input",
  Einsum: "any number of factors; a letter twice in one factor is refused",
  Floor: "of sizes only",
  GroupNormalization: "scale and shift a group (opset 18) or a channel (21)",
  LayerNormalization: "its mean and deviation as results are refused",
  MaxPool: "the places of the maxima as a result are refused",
  Mod: "of sizes only",
  OneHot: "the number of classes must be constant",
  Pad: "constant, reflect, edge, wrap; not along the batch; amounts and filling must be constant",
  Range: "bounds must be constant",
  ReduceProd: "of sizes only",
  Reshape: "a size is a number or the batch size alone, not a multiple of it",
  Resize:
    "nearest, linear, cubic; every coordinate transformation but `tf_crop_and_resize`; `antialias`, `exclude_outside` and other policies than `stretch` are refused",
  Round: "of sizes only",
  Slice: "not along the batch; bounds must be constant",
  Split: "not along the batch",
  Tile: "not along the batch",
  Upsample: "nearest, linear",
};

/** The page as Markdown. */
export function supportDocument(): string {
  const families = Object.entries(supportedOperators).map(([family, names]) => {
    const rows = names.map((name) => `| ${name} | ${limits[name] ?? ""} |`);
    return [`### ${family}`, "", "| operator | limits |", "|---|---|", ...rows].join("\n");
  });
  return `# What is supported

This page is written from the table of operators in \`packages/core/src/graph/onnx/lower/\`; a test
says when it is old, \`npx vitest run -u test/core/graph/onnx/support.test.ts\` writes it again.

## Decoders from elsewhere

- \`.onnx\`, opset 7 to 23, weights inside or in files beside it, types float32, float64, int64, int32
  and bool. A free or missing size of the first axis is the batch; a fixed one is made free where
  rows do not depend on one another, which \`pullback import\` checks against ONNX Runtime on the file.
- One latent input of floats [n, ...]; others are fixed by \`--set INPUT=VALUE\`. One output is the mean:
  \`mean\`, the first with one row a code, or the one that \`--output\` names; what the others alone need
  may be unsupported. It is flattened, and its shape is kept for pictures.
- Dense decoders from \`.safetensors\` and \`.npz\` with a \`layers.json\` (see [formats](formats.md)).
- Not supported: control flow (If, Loop, Scan), functions, operators of other domains, sparse
  weights, half precision and quantised graphs, recurrent layers. Export in float32.

## Operators of ONNX: ${lowerings.size}

Every one is held against ONNX Runtime in every form that it had since opset 7, and its derivatives
against differences in double precision. An operator that is missing is an error that names it, its
node and the opset.

${families.join("\n\n")}
`;
}
