/** @file Images from `.npy` or idx: [n, h, w], [n, h, w, 1] or [n, h, w, 3], brought to [0, 1]. */
import { basename } from "node:path";
import type { NumericArray } from "pullback-core";
import { InputError, position, tensorFrom, toTensor } from "pullback-core";
import { checkFinite, readArray } from "../files/read.ts";
import type { Dataset, DatasetOptions } from "./dataset.ts";
import { split } from "./split.ts";

/** Binary images get the Bernoulli likelihood, others the Gaussian one. */
export async function images({ data, seed = 1 }: DatasetOptions = {}): Promise<Dataset> {
  if (data === undefined)
    throw new InputError("images: expected --data FILE.npy or an idx file, got nothing");
  const array = await readArray(data);
  const [n = 0, height = 0, width = 0, channels = 1] = array.shape;
  const isImages = array.shape.length === 3 || (array.shape.length === 4 && channels <= 3);
  if (!isImages || channels === 2 || n * height * width * channels === 0)
    throw new InputError(
      `${data}: expected images [n,h,w] or [n,h,w,3], got shape [${array.shape}]`,
    );
  const { pixels, binary } = unit(data, array);
  const rows = tensorFrom("float32", [n, height * width * channels], pixels);
  return {
    name: basename(data).replace(/(\.\w+)+$/, ""),
    ...split(rows, seed, "images"),
    observationShape: channels === 3 ? [height, width, 3] : [height, width],
    drawing: { kind: "image", channels: channels === 3 ? 3 : 1 },
    likelihood: binary ? "bernoulli" : "gaussian",
  };
}

/** Pixels in [0, 1]. What is black is 0; what is white is 1, 255, or 65535 where there are 16 bits. */
function unit(path: string, array: NumericArray): { pixels: Float32Array; binary: boolean } {
  const values = toTensor(array, "float32");
  checkFinite(path, values);
  const white = array.type === "uint16" ? 65535 : 255;
  let [high, binary] = [0, true];
  values.data.forEach((value, i) => {
    if (value < 0 || value > white)
      throw new InputError(
        `${path}: [${position(i, values.shape)}]: expected a pixel in [0, 1] or [0, ${white}], got ${value}`,
      );
    high = Math.max(high, value);
    binary &&= value === 0 || value === 1;
  });
  // Whole numbers up to 1 are binary; fractions up to 1 are grey already.
  const whole = array.type !== "float32" && array.type !== "float64";
  const scale = binary || (high <= 1 && !whole) ? 1 : 1 / white;
  const pixels = values.data.map((value) => value * scale);
  return { pixels, binary: binary || pixels.every((value) => value === 0 || value === 1) };
}
