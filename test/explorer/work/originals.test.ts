import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ModelDescription, NumericArray } from "pullback-core";
import { writeNpy } from "pullback-core";
import { afterEach, describe, expect, test } from "vitest";
import type { ModelSource } from "../../../packages/explorer/src/work/files.ts";
import { originalSlices, originals } from "../../../packages/explorer/src/work/originals.ts";

const image: ModelDescription = {
  format: 1,
  name: "two by two",
  latentDimension: 2,
  dataDimension: 4,
  observationShape: [2, 2],
  drawing: { kind: "image", channels: 1 },
};
const curve: ModelDescription = { ...image, drawing: { kind: "curve" } };
const floats = (shape: readonly number[]): NumericArray => ({
  type: "float32",
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
});
const bytes: NumericArray = {
  type: "uint8",
  shape: [3, 2, 2],
  data: Uint8Array.of(0, 255, 51, 102, 1, 2, 3, 4, 255, 255, 0, 0),
};
const own = (array: NumericArray): ModelSource => ({
  kind: "files",
  files: [{ name: "observations.npy", bytes: writeNpy(array) }],
});
const opened = (source: ModelSource, description = curve, n = 3) => {
  const slices = originalSlices(source);
  if (!slices) throw new Error("expected originals");
  return originals(slices, description, n);
};

describe("the originals of codes", () => {
  test("a row of a visitor's file, flat or in the shape of an observation", async () => {
    expect([...(await opened(own(floats([3, 4]))).row(1))]).toEqual([4, 5, 6, 7]);
    expect([...(await opened(own(floats([3, 2, 2])), image).row(2))]).toEqual([8, 9, 10, 11]);
  });

  test("bytes of an image are 255ths, other bytes are numbers", async () => {
    const shades = await opened(own(bytes), image).row(0);
    expect([...shades]).toEqual([...Float32Array.of(0, 1, 0.2, 0.4)]);
    expect([...(await opened(own(bytes)).row(1))]).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ["too few rows", floats([2, 4]), "expected [3, 4], one row for each latent code, got [2,4]"],
    ["rows of another size", floats([3, 5]), "got [3,5]"],
  ])("what does not fit is refused in words: %s", async (_, array, message) => {
    await expect(opened(own(array)).check()).rejects.toThrow(message);
    await expect(opened(own(array)).row(0)).rejects.toThrow(message);
  });

  test("what is none is refused", async () => {
    const text = { name: "observations.npy", bytes: new TextEncoder().encode("hello") };
    await expect(opened({ kind: "files", files: [text] }).check()).rejects.toThrow("NUMPY");
  });

  test("a model without them has none", () => {
    expect(originalSlices({ kind: "files", files: [] })).toBeNull();
    expect(originalSlices({ kind: "site", base: "http://x/", files: ["latents.npy"] })).toBeNull();
  });
});

describe("on a host", () => {
  const array = floats([3, 4]);
  let close = async (): Promise<void> => undefined;
  afterEach(() => close());

  /** A host that knows ranges or does not; says what it was asked for. */
  async function host(hasRanges: boolean, file: Uint8Array) {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, answer) => {
      asked.push(request.headers.range);
      const [, from, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
      if (!hasRanges || from === undefined || last === undefined)
        answer.writeHead(200, { "Content-Length": file.length }).end(file);
      else answer.writeHead(206).end(file.subarray(Number(from), Number(last) + 1));
    });
    await new Promise<void>((resume) => server.listen(0, "127.0.0.1", () => resume()));
    close = () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const source: ModelSource = { kind: "site", base, files: ["observations.npy"] };
    return { asked, source };
  }

  test("no more than header and row is asked for", async () => {
    const { asked, source } = await host(true, writeNpy(array));
    expect([...(await opened(source).row(2))]).toEqual([8, 9, 10, 11]);
    expect(asked).toEqual(["bytes=0-255", "bytes=160-175"]);
  });

  test("one that sends whole files only is asked once", async () => {
    const { asked, source } = await host(false, writeNpy(array));
    const rows = opened(source);
    expect([...(await rows.row(2))]).toEqual([8, 9, 10, 11]);
    expect([...(await rows.row(0))]).toEqual([0, 1, 2, 3]);
    expect(asked).toHaveLength(1);
  });

  test("a large whole file is left there", async () => {
    const { source } = await host(false, new Uint8Array(9 * 2 ** 20));
    await expect(opened(source).row(0)).rejects.toThrow("whole files only, and they take 9 MB");
  });
});
