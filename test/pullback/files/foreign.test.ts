/** Decoders that other people exported: what ONNX Runtime makes of the files, and their derivatives. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Decoder, Value } from "pullback-core";
import {
  axisPlane,
  graph,
  inline,
  input,
  jvp,
  magnificationMap,
  programCache,
  random,
  runRows,
  withPrecision,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { runOriginal } from "../../../packages/pullback/src/engine/original.ts";
import { readForeign } from "../../../packages/pullback/src/files/foreign.ts";

const folder = fileURLToPath(new URL("../../../../shared/data/foreign-decoders/", import.meta.url));
const there = existsSync(folder);
if (!there) console.warn(`skipped: foreign decoders, expected in ${folder}`);

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());

/** Greatest |a - b| over the greatest |b|. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const scale = Math.max(...Array.from(b, Math.abs));
  return Math.max(...Array.from(b, (x, i) => Math.abs(x - (a[i] as number)))) / scale;
}

const cache = programCache(engine);
const means = async ({ graph }: Decoder, z: Float64Array): Promise<Float64Array> =>
  (await runRows(cache, graph, { z }, { sizes: [16] })).mean as Float64Array;

// Mean over the pixels at z = 0 and at z = (.5, -.5, .5, ...), from the data's own README.
const decoders = [
  ["autoencoder-2d-batch128.onnx", 2, 0.12099, 0.598036],
  ["vae-128d-gelu.onnx", 128, 0.280953, 0.348064],
] as const;

describe.skipIf(!there).each(decoders)("%s", (name, d, atZero, atHalf) => {
  const file = `${folder}${name}`;

  test("decodes to the known numbers, any number of codes at once", async () => {
    const decoder = await readForeign(file);
    expect(decoder).toMatchObject({
      latentDimension: d,
      dataDimension: 784,
      observationShape: [28, 28],
    });
    const codes = [0, 0.5].flatMap((size) =>
      Array.from({ length: d }, (_, k) => (k % 2 ? -size : size)),
    );
    const x = await means(decoder, Float64Array.from(codes));
    const average = (row: number): number =>
      x.subarray(row * 784, (row + 1) * 784).reduce((sum, p) => sum + p, 0) / 784;
    expect(average(0)).toBeCloseTo(atZero, 5);
    expect(average(1)).toBeCloseTo(atHalf, 5);
  });

  test("agrees with ONNX Runtime on the file as it is", async () => {
    const decoder = await readForeign(file);
    const normal = random(5, "codes");
    const draw = (): number => 2 * normal.normal();
    const original = await runOriginal(file, { settings: {}, output: decoder.output, draw });
    if (!original) throw new Error("ONNX Runtime does not run the file");
    expect(difference(await means(decoder, original.z), original.x)).toBeLessThan(2e-6);
  });

  test("has the derivatives that differences in double precision show", async () => {
    const decoder = await readForeign(file);
    const { graph: double } = { graph: withPrecision(decoder.graph, "float64") };
    const z = double.inputs.z as Value;
    const v = input("v", "float64", z.shape);
    const [moved] = jvp([inline(double, { z }).mean as Value], [z], [v]);
    const derivative = graph([z, v], { moved: moved as Value });
    const normal = random(6, "codes");
    const [at, along] = [0, 1].map(() =>
      Float64Array.from({ length: 3 * d }, () => normal.normal()),
    ) as [Float64Array, Float64Array];
    const step = 1e-6;
    const beside = (side: number): Promise<Float64Array> =>
      means(
        { ...decoder, graph: double },
        at.map((x, i) => x + side * step * (along[i] as number)),
      );
    const [ahead, behind] = [await beside(1), await beside(-1)];
    const expected = ahead.map((x, i) => (x - (behind[i] as number)) / (2 * step));
    const found = await runRows(cache, derivative, { z: at, v: along }, { sizes: [16] });
    expect(difference(found.moved as Float64Array, expected)).toBeLessThan(1e-6);
  });

  test("has a map of its magnification", async () => {
    const decoder = await readForeign(file);
    const found = await magnificationMap({
      engine,
      decoder,
      cache,
      plane: axisPlane(d),
      bounds: [-2, 2, -2, 2],
      grid: 4,
    });
    expect(found.magnification.every((mf) => mf > 0 && Number.isFinite(mf))).toBe(true);
  });
});
