import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { NumericArray } from "pullback-core";
import { random, tensorFrom, toNumbers, writeCsv, writeNpy } from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../../packages/pullback/src/datasets/index.ts";

const folder = mkdtempSync(join(tmpdir(), "pullback-datasets-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const npy = (name: string, array: NumericArray): string => file(name, writeNpy(array));

describe("table", () => {
  const numbers = random(1, "table test");
  const rows = Array.from({ length: 200 }, () => [
    5 + 3 * numbers.normal(),
    100 * numbers.uniform(),
    7,
  ]);

  test("standardises columns, holds a tenth out, and says how to come back", async () => {
    const path = file("t.csv", writeCsv(rows, ["a", "b", "constant"]));
    const data = await loadDataset("table", { data: path });
    expect(data.observations.shape).toEqual([180, 3]);
    expect(data.heldOut.shape).toEqual([20, 3]);
    expect(data.name).toBe("t");
    expect(data.drawing).toEqual({ kind: "curve", names: ["a", "b", "constant"] });
    const all = [...data.observations.data, ...data.heldOut.data];
    for (const column of [0, 1]) {
      const values = all.filter((_, i) => i % 3 === column);
      const mean = values.reduce((a, b) => a + b) / 200;
      expect(mean).toBeCloseTo(0, 5);
      expect(values.reduce((a, b) => a + b * b, 0) / 200).toBeCloseTo(1, 5);
    }
    const { offset = [], scale = [] } = data.scaling ?? {};
    expect(scale[2]).toBe(1);
    const back = all.map((x, i) => x * (scale[i % 3] as number) + (offset[i % 3] as number));
    const sorted = (values: readonly number[]) => values.map((x) => +x.toFixed(3)).sort();
    expect(sorted(back.filter((_, i) => i % 3 === 0))).toEqual(
      sorted(rows.map(([a]) => a as number)),
    );
  });

  test("reads .npy, compressed too; brings columns to [0, 1] or leaves them", async () => {
    const array = tensorFrom("float64", [200, 3], rows.flat());
    const path = file("t.npy.gz", gzipSync(writeNpy(array)));
    const unit = await loadDataset("table", { data: path, scaling: "minmax" });
    const all = [...unit.observations.data, ...unit.heldOut.data];
    expect([Math.min(...all), Math.max(...all)]).toEqual([0, 1]);
    const raw = await loadDataset("table", { data: path, scaling: "none" });
    expect(raw.scaling).toBeUndefined();
    expect([...raw.observations.data, ...raw.heldOut.data]).toContain(
      Math.fround(rows[0]?.[0] as number),
    );
  });

  test("the split is seeded, and no row is lost or doubled", async () => {
    const path = npy(
      "count.npy",
      tensorFrom(
        "float64",
        [30, 1],
        Array.from({ length: 30 }, (_, i) => i),
      ),
    );
    const load = (seed: number) => loadDataset("table", { data: path, scaling: "none", seed });
    const [one, again, two] = await Promise.all([load(1), load(1), load(2)]);
    expect(toNumbers(again.heldOut)).toEqual(toNumbers(one.heldOut));
    expect(toNumbers(two.heldOut)).not.toEqual(toNumbers(one.heldOut));
    const rows = [...toNumbers(one.observations), ...toNumbers(one.heldOut)];
    expect(rows.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  test("one row is no dataset; NaN and infinity are named by their place", async () => {
    const load = (name: string, text: string) => loadDataset("table", { data: file(name, text) });
    await expect(load("one.csv", "1,2\n")).rejects.toThrow(
      "expected at least 2 observations, got 1",
    );
    await expect(load("inf.csv", "1,2\n3,inf\n")).rejects.toThrow(
      "row 2, column 2: expected a finite number, got Infinity",
    );
    const vector = npy("vector.npy", tensorFrom("float64", [3], [1, 2, 3]));
    await expect(loadDataset("table", { data: vector })).rejects.toThrow("got shape [3]");
  });
});

describe("images", () => {
  const bytes = (shape: number[], value: (i: number) => number): NumericArray => {
    const size = shape.reduce((a, b) => a * b);
    return { type: "uint8", shape, data: Uint8Array.from({ length: size }, (_, i) => value(i)) };
  };

  test("of bytes come to [0, 1] with the Gaussian likelihood", async () => {
    const data = await loadDataset("images", {
      data: npy(
        "grey.npy",
        bytes([10, 2, 3], (i) => 4 * i),
      ),
    });
    expect(data).toMatchObject({ likelihood: "gaussian", observationShape: [2, 3], name: "grey" });
    expect(data.observations.shape).toEqual([9, 6]);
    expect(data.heldOut.shape).toEqual([1, 6]);
    const sum = [...toNumbers(data.observations), ...toNumbers(data.heldOut)].reduce(
      (a, b) => a + b,
    );
    expect(sum).toBeCloseTo((4 * 59 * 60) / 2 / 255, 3);
  });

  test("that are binary have the Bernoulli likelihood, whichever two numbers they use", async () => {
    for (const white of [1, 255]) {
      const array = bytes([4, 2, 2], (i) => (i % 3 === 0 ? white : 0));
      const data = await loadDataset("images", { data: npy(`binary-${white}.npy`, array) });
      expect(data.likelihood).toBe("bernoulli");
      expect(new Set(data.observations.data)).toEqual(new Set([0, 1]));
    }
  });

  test("may have colours; fractions stay as they are; idx is read as well", async () => {
    const colour = await loadDataset("images", {
      data: npy(
        "rgb.npy",
        bytes([2, 4, 5, 3], (i) => i),
      ),
    });
    expect(colour.observationShape).toEqual([4, 5, 3]);
    expect(colour.drawing).toEqual({ kind: "image", channels: 3 });
    const half = tensorFrom("float32", [2, 1, 2], [0.5, 0.5, 0.5, 0.5]);
    const grey = await loadDataset("images", { data: npy("half.npy", half) });
    expect(grey.observations.data).toEqual(Float32Array.of(0.5, 0.5));
    const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, 204);
    const read = await loadDataset("images", { data: file("two-idx3-ubyte", idx) });
    expect(read.observationShape).toEqual([1, 2]);
    expect(read.likelihood).toBe("gaussian");
  });

  test("of another shape or beyond white are refused", async () => {
    const load = (array: NumericArray) => loadDataset("images", { data: npy("bad.npy", array) });
    await expect(load(bytes([2, 3], () => 0))).rejects.toThrow("got shape [2,3]");
    await expect(load(bytes([2, 3, 4, 2], () => 0))).rejects.toThrow("got shape [2,3,4,2]");
    const low = tensorFrom("float32", [2, 1, 2], [0, 1, -0.5, 1]);
    await expect(load(low)).rejects.toThrow(
      "[1,0,0]: expected a pixel in [0, 1] or [0, 255], got -0.5",
    );
    const nan = tensorFrom("float32", [1, 1, 1], [Number.NaN]);
    await expect(load(nan)).rejects.toThrow("[0,0,0]: expected a finite number, got NaN");
  });
});
