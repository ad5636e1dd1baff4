import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concat, cos, decoder, graph, input, readNpy, sin, writeOnnx } from "pullback-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { torusFolder } from "../report/folder.ts";
import { pullback } from "./run.ts";
import { pullbackInSession } from "./session.ts";

const folder = mkdtempSync(join(tmpdir(), "pullback-map-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** x = (cos z, sin z) in d dimensions: G = I. */
function circle(d: number): Uint8Array {
  const z = input("z", "float32", ["n", d]);
  return writeOnnx(decoder(graph([z], { mean: concat([cos(z), sin(z)], 1) })).graph);
}

beforeAll(async () => {
  await torusFolder(folder, "torus");
  writeFileSync(join(folder, "three.onnx"), circle(3));
  writeFileSync(join(folder, "one.onnx"), circle(1));
});

const line = (...args: string[]): string[] => ["map", ...args, "--threads", "1"];
const map = (...args: string[]) => pullback(folder, line(...args));

describe("pullback map", () => {
  test("npy: float32 [N, N], linear factor, 1 on the torus", () => {
    const { status, stdout } = map("torus", "--out", "m.npy", "--grid", "9", "--json");
    expect(status).toBe(0);
    const { type, shape, data } = readNpy(readFileSync(join(folder, "m.npy")));
    expect([type, ...shape]).toEqual(["float32", 9, 9]);
    for (const factor of data) expect(Number(factor)).toBeCloseTo(1, 5);
    const { bounds, grid } = JSON.parse(stdout);
    expect(grid).toBe(9);
    expect(bounds[1] - bounds[0]).toBeCloseTo(bounds[3] - bounds[2], 2);
  });

  test("svg and png, by the ending", () => {
    expect(map("torus", "--out", "m.svg", "--grid", "9").status).toBe(0);
    expect(readFileSync(join(folder, "m.svg"), "utf8")).toMatch(/^<svg[^>]*>/);
    expect(map("torus", "--out", "m.png", "--grid", "9").status).toBe(0);
    expect(readFileSync(join(folder, "m.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  test("a decoder alone, of three dimensions in a plane, of one as a line", () => {
    expect(map("three.onnx", "--out", "3.npy", "--grid", "5", "--plane", "0,2").status).toBe(0);
    expect(map("three.onnx", "--out", "full.npy", "--grid", "5", "--full").status).toBe(0);
    for (const log of readNpy(readFileSync(join(folder, "full.npy"))).data)
      expect(Number(log)).toBeCloseTo(0, 5);
    expect(map("one.onnx", "--out", "1.svg", "--grid", "5").status).toBe(0);
    expect(map("one.onnx", "--out", "1.npy", "--grid", "5").status).toBe(0);
    expect(readNpy(readFileSync(join(folder, "1.npy"))).shape).toEqual([5]);
  });

  test.each([
    [["torus", "--out", "x.svg", "--bounds", "3,-3,0,1"], 1, "expected x0 < x1, got 3, -3"],
    [["torus", "--out", "x.svg", "--bounds", "0,1,2,2"], 1, "expected y0 < y1, got 2, 2"],
    [
      ["torus", "--out", "x.svg", "--bounds", "90,91,0,1"],
      1,
      "some of the data inside, got 90,91,0,1",
    ],
    [["torus", "--out", "x.svg", "--bounds", "0,1"], 2, "--bounds: expected 4 numbers"],
    [["torus", "--out", "x.gif"], 2, ".svg, .png or .npy"],
    [["torus", "--out", "x.svg", "--grid", "1"], 2, "at least 2"],
    [["torus", "--out", "x.svg", "--plane", "0,2"], 1, "two different axes of 0 to 1, got 0,2"],
    [["three.onnx", "--out", "x.svg", "--plane", "pca"], 1, "latents.npy"],
    [["one.onnx", "--out", "x.svg", "--plane", "0,1"], 1, "latent space is a line"],
    [["nowhere", "--out", "x.svg"], 1, "nowhere"],
  ])("%j is refused in one line", async (args, expected, message) => {
    const { status, stderr, stdout } = await pullbackInSession(folder, line(...args));
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect([status, stdout]).toEqual([expected, ""]);
    expect(existsSync(join(folder, "x.svg"))).toBe(false);
  });

  test("what exists is kept without --overwrite", async () => {
    writeFileSync(join(folder, "kept.svg"), "mine");
    const args = line("torus", "--out", "kept.svg");
    const { status, stderr } = await pullbackInSession(folder, args);
    expect([status, readFileSync(join(folder, "kept.svg"), "utf8")]).toEqual([1, "mine"]);
    expect(stderr).toContain("--overwrite");
  });
});
