/** @file `pullback data`: a dataset as arrays, to look at or to use elsewhere. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NumericArray } from "pullback-core";
import { writeNpy } from "pullback-core";
import { datasetNames, loadDataset } from "../datasets/index.ts";
import { claimFolder } from "../files/write.ts";
import { command } from "./command.ts";
import { datasetOptions } from "./dataset-options.ts";
import { argument, oneOf, option, path } from "./options.ts";

export const data = command({
  name: "data",
  summary: "write a dataset as .npy arrays",
  arguments: { dataset: argument(`one of ${datasetNames.join(", ")}`, oneOf(datasetNames)) },
  options: {
    out: option("DIR", "folder to write", path),
    ...datasetOptions,
  },
  async run({ arguments: { dataset: name }, options, signal }) {
    const target = await claimFolder(options.out, {
      overwrite: options.overwrite,
      markers: ["dataset.json"],
    });
    const dataset = await loadDataset(name, options);
    const arrays: Readonly<Record<string, NumericArray | undefined>> = {
      observations: dataset.observations,
      "held-out": dataset.heldOut,
      labels: dataset.labels,
      "held-out-labels": dataset.heldOutLabels,
      values: dataset.values,
      "held-out-values": dataset.heldOutValues,
    };
    const shapes: Record<string, readonly number[]> = {};
    await target.write(async (folder) => {
      for (const [file, array] of Object.entries(arrays)) {
        if (!array) continue;
        signal.throwIfAborted();
        await writeFile(join(folder, `${file}.npy`), writeNpy(array));
        shapes[file] = array.shape;
      }
      const { observationShape, drawing, likelihood, labelNames, value, scaling } = dataset;
      const about = { name, observationShape, drawing, likelihood, labelNames, value, scaling };
      await writeFile(join(folder, "dataset.json"), `${JSON.stringify(about, null, 2)}\n`);
    });
    const counts = `${dataset.observations.shape[0]} observations, ${dataset.heldOut.shape[0]} held out`;
    return {
      text: `${counts}, of shape [${dataset.observationShape}]: ${options.out}`,
      json: { out: options.out, name: dataset.name, shapes },
    };
  },
});
