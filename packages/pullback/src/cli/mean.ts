/** @file `pullback mean`: the code in the middle of others along geodesics, beside the mean of the coordinates. */
import { frechetMean, programCache, pullback, random, rowFigure, runRows } from "pullback-core";
import * as v from "valibot";
import { nativeEngine } from "../engine/onnxruntime.ts";
import { readModel } from "../files/model-folder.ts";
import { claimFile } from "../files/write.ts";
import { serverDocument } from "../report/document.ts";
import { significant } from "../report/numbers.ts";
import { codesOf, codesOption } from "./codes.ts";
import { command } from "./command.ts";
import { argument, option, path, wholeNumber } from "./options.ts";
import { contentFor, resultFile } from "./outputs.ts";

export const mean = command({
  name: "mean",
  summary: "Fréchet mean of codes: least mean squared distance along geodesics",
  arguments: { model: argument("model folder or decoder .onnx", path) },
  options: {
    latents: codesOption,
    out: option(
      "FILE",
      "the mean (.csv, .npy), all of it (.json) or decoded (.svg, .png)",
      resultFile,
    ),
    samples: option(
      "N",
      "codes at most, drawn at random: each step connects all",
      v.optional(wholeNumber(2), "100"),
    ),
  },
  async run({ arguments: { model }, options, signal, note }) {
    const target = await claimFile(options.out, options);
    const opened = await readModel(model, options.set);
    const { decoder, description } = opened;
    const d = decoder.latentDimension;
    const codes = await codesOf(opened, options.latents);
    const points = some(codes.data, d, options.samples, options.seed);
    const n = points.length / d;
    if (n < (codes.shape[0] as number))
      note(`${n} of ${codes.shape[0]} codes; --samples takes more`);
    const middle = coordinateMean(points, d);
    const engine = nativeEngine(options);
    try {
      const cache = programCache(engine);
      const metric = pullback(decoder);
      const found = await frechetMean({
        cache,
        metric,
        points,
        latents: Float64Array.from(codes.data),
        refine: false,
        seed: options.seed,
        signal,
      });
      // What its coordinates' mean is worth as a middle: one look, no step.
      const plain = await frechetMean({
        cache,
        metric,
        points,
        latents: Float64Array.from(codes.data),
        from: [...middle],
        mostSteps: 0,
        refine: false,
        seed: options.seed,
        signal,
      });
      if (found.status !== "converged") note(found.message);
      const facts = {
        mean: [...found.point],
        meanSquaredDistance: found.cost,
        status: found.status,
        codes: n,
        euclidean: { mean: [...middle], meanSquaredDistance: plain.cost },
      };
      const z = Float64Array.from([...found.point, ...middle]);
      const { mean: images } = await runRows(cache, decoder.graph, { z }, { signal });
      await target.write(
        contentFor(options.out, {
          array: () => ({ type: "float32", shape: [1, d], data: Float32Array.from(found.point) }),
          header: Array.from({ length: d }, (_, k) => `z${k + 1}`),
          json: () => facts,
          svg: () =>
            rowFigure(serverDocument(), {
              observations: images as Float64Array,
              observationShape: description.observationShape,
              drawing: description.drawing,
              captions: [
                `Fréchet: ${significant(found.cost)}`,
                `coordinates: ${significant(plain.cost)}`,
              ],
              title: `Two means of ${n} codes, decoded, and the mean squared distance to each`,
            }),
        }),
      );
      return {
        text: `mean of ${n} codes, mean squared distance ${significant(found.cost)}; of the coordinates' mean ${significant(plain.cost)}: ${options.out}`,
        json: { out: options.out, ...facts },
      };
    } finally {
      await engine.dispose();
    }
  },
});

function some(codes: Float32Array, d: number, count: number, seed: number): Float64Array {
  const n = codes.length / d;
  if (n <= count) return Float64Array.from(codes);
  const order = random(seed, "mean").permutation(n).slice(0, count);
  return Float64Array.from(
    Array.from(order).flatMap((i) => [...codes.subarray(i * d, (i + 1) * d)]),
  );
}

function coordinateMean(points: Float64Array, d: number): Float64Array {
  const sum = new Float64Array(d);
  points.forEach((x, i) => {
    sum[i % d] = (sum[i % d] as number) + (x * d) / points.length;
  });
  return sum;
}
