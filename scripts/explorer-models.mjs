/**
 * @file Trains the explorer's built-in models: the paper's data with small decoders, a few thousand
 * codes each, so that a page carries them. `npm run setup` first.
 *
 *     node scripts/explorer-models.mjs [pendulum] [digits] [robot-arm]
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  decoderGraph,
  encodeAll,
  loadDataset,
  nativeEngine,
  network,
  preset,
  random,
  sigmaOf,
  startFromData,
  train,
  writeNpy,
  writeOnnx,
} from "pullback";
import { root } from "./setup.mjs";

const seed = 1;
const wanted = {
  pendulum: { dataset: "pendulum", widths: [48, 48], steps: 4000, codes: 3000 },
  digits: { dataset: "mnist", widths: [64, 64], steps: 6000, codes: 5000 },
  "robot-arm": { dataset: "robot-arm", widths: [48, 48], steps: 3000, codes: 3000 },
};

/** Originals come along where they are no larger than this: digits would be 4 MB. */
const mostOriginals = 2 ** 20;

/** The explorer reads bytes of an image as 255ths. */
const asByte = (value) => Math.round(255 * Math.min(1, Math.max(0, value)));

const asked = process.argv.slice(2);
for (const [name, { dataset: kind, widths, steps, codes }] of Object.entries(wanted)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const dataset = await loadDataset(kind, { seed });
  const data = dataset.observations;
  const [rows, D] = data.shape;
  const { spec: published, settings } = preset(kind, "quick", {
    dataDimension: D,
    rows,
    likelihood: dataset.likelihood,
  });
  const decoder = { kind: "dense", widths, activation: "tanh" };
  const spec = { ...published, encoder: { widths: [256, 256], activation: "tanh" }, decoder };
  const engine = nativeEngine({});
  const from = await startFromData({ engine, spec, data, seed });
  const state = await train({
    ...{ engine, spec, data, seed, from },
    settings: { ...settings, samples: Math.min(settings.samples, 10), steps },
    checkpointEvery: steps,
    onCheckpoint: async () => {},
    onProgress: ({ step, bound }) => {
      if (step % 1000 === 0) console.log(`${name}: step ${step}, bound ${bound.toFixed(1)}`);
    },
  });
  const latents = await encodeAll({ engine, spec, parameters: state.parameters, data });
  const chosen = random(seed, "explorer", name).permutation(rows).slice(0, codes).sort();
  const pick = (values, width) =>
    values.constructor.from(
      { length: codes * width },
      (_, i) => values[chosen[Math.floor(i / width)] * width + (i % width)],
    );
  const sigma = sigmaOf(network(spec), state.parameters);
  const d = spec.latentDimension;
  const folder = join(root, "packages/explorer/models", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (file, content) => writeFileSync(join(folder, file), content);
  const description = {
    format: 1,
    name,
    latentDimension: d,
    dataDimension: D,
    observationShape: [...dataset.observationShape],
    drawing: dataset.drawing,
    likelihood: spec.likelihood,
    seed,
    ...(dataset.scaling ? { scaling: dataset.scaling } : {}),
    ...(dataset.labelNames ? { labelNames: [...dataset.labelNames] } : {}),
    ...(dataset.value ? { value: dataset.value } : {}),
    training: {
      steps: state.step,
      seconds: state.seconds,
      bound: state.bound,
      ...(Number.isNaN(sigma) ? {} : { sigma }),
    },
  };
  write("model.json", `${JSON.stringify(description, null, 2)}\n`);
  write("decoder.onnx", writeOnnx(decoderGraph(spec, state.parameters)));
  write(
    "latents.npy",
    writeNpy({ type: "float32", shape: [codes, d], data: pick(latents.data, d) }),
  );
  if (dataset.labels) {
    const labels = Uint8Array.from(pick(dataset.labels.data, 1), Number);
    write("labels.npy", writeNpy({ type: "uint8", shape: [codes], data: labels }));
  }
  if (dataset.values)
    write(
      "values.npy",
      writeNpy({
        type: "float32",
        shape: [codes],
        data: Float32Array.from(pick(dataset.values.data, 1)),
      }),
    );
  const originals = pick(data.data, D);
  const file = writeNpy(
    dataset.drawing.kind === "image"
      ? { type: "uint8", shape: [codes, D], data: Uint8Array.from(originals, asByte) }
      : { type: "float32", shape: [codes, D], data: originals },
  );
  if (file.byteLength <= mostOriginals) write("observations.npy", file);
  await engine.dispose();
  console.log(`${name}: ${(state.seconds ?? 0).toFixed(0)} s, bound ${state.bound.toFixed(1)}`);
}
