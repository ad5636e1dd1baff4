/** @file `pullback project`: latent codes of data, for a decoder without an encoder. */
import type { Scaling } from "pullback-core";
import { invert, writeCsv, writeNpy } from "pullback-core";
import * as v from "valibot";
import { nativeEngine } from "../engine/onnxruntime.ts";
import { readModel } from "../files/model-folder.ts";
import { readObservations } from "../files/read.ts";
import { claimFile } from "../files/write.ts";
import { significant } from "../report/numbers.ts";
import { command } from "./command.ts";
import { argument, option, parsed, path, wholeNumber } from "./options.ts";

const codesFile = parsed("a file ending in .npy or .csv", (text) =>
  /\.(npy|csv)$/i.test(text) ? text : undefined,
);

export const project = command({
  name: "project",
  summary: "find the latent codes of data by least squares, for a decoder without an encoder",
  arguments: { model: argument("model folder or decoder .onnx", path) },
  options: {
    data: option("FILE", "observations, rows of D numbers or of their shape (.npy, .csv)", path),
    out: option("FILE", "codes to write, [n, d] (.npy, .csv)", codesFile),
    residuals: option(
      "FILE",
      "||f(z) - x|| of each row to write (.npy, .csv)",
      v.optional(codesFile),
    ),
    starts: option(
      "N",
      "starts of each row: the nearest of many decoded codes",
      v.optional(wholeNumber(), "3"),
    ),
    iterations: option("N", "steps at most", v.optional(wholeNumber(), "60")),
  },
  async run({ arguments: { model }, options, signal, progress, note }) {
    const target = await claimFile(options.out, options);
    const residualsTarget = options.residuals && (await claimFile(options.residuals, options));
    const { decoder, description, latents } = await readModel(model, options.set);
    const raw = await readObservations(options.data, description.observationShape);
    const data = description.scaling ? scaled(raw, description.scaling) : raw;
    const n = data.length / decoder.dataDimension;
    const engine = nativeEngine(options);
    const bar = progress({ label: "project", total: n, unit: "rows" });
    try {
      const { codes, residuals, converged } = await invert({
        engine,
        decoder,
        data,
        candidates: latents && Float64Array.from(latents.data),
        starts: options.starts,
        maxIterations: options.iterations,
        seed: options.seed,
        signal,
        onProgress: (share) => bar.update(Math.round(share * n)),
      });
      bar.end();
      await target.write(rows(options.out, [n, decoder.latentDimension], codes));
      if (residualsTarget) await residualsTarget.write(rows(residualsTarget.path, [n], residuals));
      const settled = converged.filter(Boolean).length;
      if (settled < n)
        note(`${n - settled} of ${n} rows did not come to rest: more --iterations or --starts`);
      const sorted = Float64Array.from(residuals).sort();
      const [median, worst] = [sorted[Math.floor(n / 2)] as number, sorted.at(-1) as number];
      return {
        text: `${n} rows, residual ${significant(median)} at the median, ${significant(worst)} at most: ${options.out}`,
        json: {
          out: options.out,
          rows: n,
          converged: settled,
          median,
          worst,
          residuals: [...residuals],
        },
      };
    } finally {
      bar.end();
      await engine.dispose();
    }
  },
});

/** Data in the units that the decoder speaks in. */
function scaled(data: Float64Array, { offset, scale }: Scaling): Float64Array {
  const D = offset.length;
  return data.map((x, i) => (x - (offset[i % D] as number)) / (scale[i % D] as number));
}

function rows(file: string, shape: readonly number[], numbers: Float64Array): Uint8Array | string {
  const width = shape[1] ?? 1;
  if (/\.csv$/i.test(file))
    return writeCsv(
      Array.from({ length: shape[0] as number }, (_, i) =>
        numbers.subarray(i * width, (i + 1) * width),
      ),
    );
  return writeNpy({ type: "float32", shape, data: Float32Array.from(numbers) });
}
