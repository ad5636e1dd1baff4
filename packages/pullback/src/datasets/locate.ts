/** @file Where in one folder of data the files of each dataset are. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Folders that datasets may have below the one that is given. */
const usual: Readonly<Record<string, string>> = {
  mnist: "mnist-binarized",
  "human-motion": "cmu35",
};

/**
 * The folder for a dataset: the usual one below `folder` where it is there, otherwise `folder`
 * itself; for mnist only where it holds any of its files, since it has others to fall back on.
 */
export function dataFor(name: string, folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  const below = usual[name] && join(folder, usual[name]);
  if (below && existsSync(below)) return below;
  if (name !== "mnist") return folder;
  const held = [
    "binarized_mnist_train.bits.gz",
    "train-images-idx3-ubyte",
    "train-images-idx3-ubyte.gz",
  ];
  return held.some((file) => existsSync(join(folder, file))) ? folder : undefined;
}
