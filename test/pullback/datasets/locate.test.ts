import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataFor } from "../../../packages/pullback/src/datasets/locate.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pullback-data-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the usual folder below the one that is given goes before it", () => {
  mkdirSync(join(folder, "cmu35"));
  expect(dataFor("human-motion", folder)).toBe(join(folder, "cmu35"));
  expect(dataFor("human-motion", join(folder, "cmu35"))).toBe(join(folder, "cmu35"));
});

test("digits fall back on what they have of their own where the folder has none of theirs", () => {
  expect(dataFor("mnist", folder)).toBeUndefined();
  writeFileSync(join(folder, "train-images-idx3-ubyte.gz"), "");
  expect(dataFor("mnist", folder)).toBe(folder);
  mkdirSync(join(folder, "mnist-binarized"));
  expect(dataFor("mnist", folder)).toBe(join(folder, "mnist-binarized"));
});

test("no folder is none", () => {
  expect(dataFor("human-motion", undefined)).toBeUndefined();
});
