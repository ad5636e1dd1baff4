/** @file `pullback import`: a decoder made elsewhere becomes a model folder. */

import { basename } from "node:path";
import type { AdaptedDecoder, Likelihood, ModelDescription, Settings } from "pullback-core";
import {
  drawingOf,
  guessLikelihood,
  InputError,
  programCache,
  random,
  runRows,
  sizeOf,
  tensorFrom,
} from "pullback-core";
import * as v from "valibot";
import { nativeEngine } from "../engine/onnxruntime.ts";
import { runOriginal } from "../engine/original.ts";
import { isWeights, readDense, readForeign } from "../files/foreign.ts";
import { writeModel } from "../files/model-folder.ts";
import { readArray, readMatrix } from "../files/read.ts";
import { claimFolder } from "../files/write.ts";
import { command, UsageError } from "./command.ts";
import { argument, numbers, oneOf, option, path, text, wholeNumber } from "./options.ts";

/** Greatest difference to ONNX Runtime on the file itself, relative to the greatest output. */
const tolerance = 1e-3;

export const importCommand = command({
  name: "import",
  summary: "make a model folder of a decoder that was made elsewhere",
  arguments: {
    decoder: argument("decoder as .onnx, or weights as .safetensors or .npz with --layers", path),
  },
  options: {
    out: option("DIR", "model folder to write", path),
    latents: option(
      "FILE",
      "latent codes of the data, .npy or .csv (default: samples of the standard normal prior)",
      v.optional(path),
    ),
    labels: option("FILE", "class of each code, from 0, .npy or .csv", v.optional(path)),
    samples: option(
      "N",
      "samples of the prior, without --latents",
      v.optional(wholeNumber(), "1000"),
    ),
    likelihood: option(
      "NAME",
      "gaussian or bernoulli (default: guessed from the last activation)",
      v.optional(oneOf(["gaussian", "bernoulli"])),
    ),
    output: option(
      "NAME",
      "the output that is the mean (default: mean, or the first)",
      v.optional(text),
    ),
    shape: option(
      "H,W[,C]",
      "shape of one observation, to draw flat outputs as images",
      v.optional(numbers()),
    ),
    layers: option(
      "FILE",
      "layers.json for files of weights: which arrays are which layer",
      v.optional(path),
    ),
    name: option("NAME", "name of the model (default: that of the file)", v.optional(text)),
  },
  async run({ arguments: { decoder: file }, options, note, signal }) {
    const target = await claimFolder(options.out, {
      overwrite: options.overwrite,
      markers: ["model.json"],
    });
    const decoder = await open(file, options);
    const { latentDimension: d, dataDimension: D } = decoder;
    const check = await deviation(file, decoder, options);
    signal.throwIfAborted();
    if (check === null)
      note("not compared with ONNX Runtime on the file itself, which it does not run");
    const likelihood = options.likelihood ?? guessed(decoder, note);
    const latents = options.latents
      ? await readMatrix(options.latents, "float32", d)
      : prior(options.samples, d, options.seed);
    const labels = options.labels && (await labelsFrom(options.labels, latents.shape[0] as number));
    const observationShape = shapeOf(options.shape, decoder);
    const description: ModelDescription = {
      format: 1,
      name: options.name ?? basename(file).replace(/\.(onnx|safetensors|npz)$/i, ""),
      latentDimension: d,
      dataDimension: D,
      observationShape,
      drawing: drawingOf(observationShape),
      likelihood,
      ...(options.latents ? {} : { latents: "prior" as const }),
    };
    await target.write((folder) =>
      writeModel(folder, {
        description,
        decoder: decoder.graph,
        latents,
        ...(labels && { labels }),
      }),
    );
    const source = options.latents ? "codes given" : "codes drawn from the prior";
    return {
      text: [
        `${d} latent dimensions to ${D} numbers of shape [${observationShape}], ${likelihood}; ${latents.shape[0]} ${source}`,
        ...(check === null
          ? []
          : [`differs from ONNX Runtime on ${file} by at most ${check.toExponential(1)}`]),
        `wrote ${options.out}`,
      ].join("\n"),
      json: {
        out: options.out,
        latentDimension: d,
        dataDimension: D,
        observationShape,
        output: decoder.output,
        likelihood,
        latents: options.latents ? "given" : "prior",
        deviation: check,
      },
    };
  },
});

interface Given {
  readonly set: Settings;
  readonly output?: string | undefined;
  readonly layers?: string | undefined;
}

async function open(file: string, { set, output, layers }: Given): Promise<AdaptedDecoder> {
  if (isWeights(file)) {
    if (!layers)
      throw new UsageError("--layers: expected a layers.json, which says what the weights are");
    return readDense(file, layers);
  }
  if (!/\.onnx$/i.test(file))
    throw new InputError(`${file}: expected a decoder .onnx, .safetensors or .npz`);
  if (layers) throw new UsageError("--layers: expected with .safetensors or .npz, got an .onnx");
  return readForeign(file, { settings: set, output });
}

/**
 * Greatest difference between our reading of an `.onnx` and ONNX Runtime on the file, relative to the
 * greatest output; null where there is nothing to compare. Throws `InputError` where they disagree.
 */
async function deviation(
  file: string,
  decoder: AdaptedDecoder,
  { set, seed }: { readonly set: Settings; readonly seed: number },
): Promise<number | null> {
  if (isWeights(file)) return null;
  const normal = random(seed, "import", "check");
  const settings = { settings: set, output: decoder.output, draw: () => normal.normal() };
  const original = await runOriginal(file, settings);
  if (!original) return null;
  const engine = nativeEngine({ threads: 1 });
  try {
    const { z } = original;
    const { mean } = await runRows(
      programCache(engine),
      decoder.graph,
      { z },
      { sizes: [original.rows] },
    );
    const [ours, theirs] = [mean as Float64Array, original.x];
    let [scale, most] = [Number.MIN_VALUE, 0];
    theirs.forEach((x, i) => {
      scale = Math.max(scale, Math.abs(x));
      const difference = Math.abs(x - (ours[i] as number));
      // Two infinities, or two that are no numbers, agree.
      if (!Object.is(x, ours[i]))
        most = Math.max(most, Number.isNaN(difference) ? Infinity : difference);
    });
    if (ours.length !== theirs.length || !(most / scale < tolerance))
      throw new InputError(
        `${file}: expected what ONNX Runtime computes from the file, got outputs that differ by ${(most / scale).toExponential(1)}; this reading of the file is wrong, please report it`,
      );
    return most / scale;
  } finally {
    await engine.dispose();
  }
}

function guessed(decoder: AdaptedDecoder, note: (line: string) => void): Likelihood {
  const guess = guessLikelihood(decoder);
  const reason = guess === "bernoulli" ? "ends in a sigmoid" : "does not end in a sigmoid";
  note(`likelihood: guessed ${guess}, since the decoder ${reason}; --likelihood says otherwise`);
  return guess;
}

function prior(count: number, d: number, seed: number) {
  const draw = random(seed, "import", "prior");
  const codes = Float64Array.from({ length: count * d }, () => draw.normal());
  return tensorFrom("float32", [count, d], codes);
}

async function labelsFrom(file: string, count: number) {
  const array = await readArray(file);
  const classes = Array.from(array.data as ArrayLike<number | bigint>, Number);
  const wrong = classes.find((label) => !Number.isInteger(label) || label < 0);
  if (classes.length !== count || wrong !== undefined)
    throw new InputError(
      `${file}: expected ${count} classes, whole numbers from 0, one for each code, got ${wrong ?? classes.length}`,
    );
  return tensorFrom("int64", [count], classes);
}

function shapeOf(given: readonly number[] | undefined, decoder: AdaptedDecoder): number[] {
  if (!given) return [...decoder.observationShape];
  if (
    !given.every((size) => Number.isInteger(size) && size > 0) ||
    sizeOf(given) !== decoder.dataDimension
  )
    throw new UsageError(
      `--shape: expected sizes whose product is ${decoder.dataDimension}, got ${given}`,
    );
  return [...given];
}
