/** Codes found again from their images. */
import type { Decoder } from "pullback-core";
import {
  constant,
  decoder,
  graph,
  input,
  invert,
  matmul,
  random,
  tanh,
  tensorFrom,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());

const weights = (rows: number, columns: number, seed: number) => {
  const draw = random(seed, "weights");
  const numbers = Array.from({ length: rows * columns }, () => draw.normal());
  return constant(tensorFrom("float64", [rows, columns], numbers));
};
const z = input("z", "float64", ["n", 2]);
const W = weights(2, 7, 1);
const plane: Decoder = decoder(graph([z], { mean: matmul(z, W) }));
const bent: Decoder = decoder(
  graph([z], { mean: matmul(tanh(matmul(z, weights(2, 12, 2))), weights(12, 7, 3)) }),
);

const normals = (count: number, seed: number): Float64Array => {
  const draw = random(seed, "codes");
  return Float64Array.from({ length: count }, () => draw.normal());
};
const image = async (source: Decoder, codes: Float64Array): Promise<Float64Array> => {
  const { mean } = await (await engine.compile(source.graph)).run({
    z: tensorFrom("float64", [codes.length / 2, 2], codes),
  });
  return mean?.data as Float64Array;
};

describe("invert", () => {
  test("finds the codes of images of a curved decoder, residual zero", async () => {
    const codes = normals(40, 4);
    const found = await invert({ engine, decoder: bent, data: await image(bent, codes) });
    for (const [i, value] of codes.entries()) expect.soft(found.codes[i]).toBeCloseTo(value, 4);
    expect(Math.max(...found.residuals)).toBeLessThan(1e-4);
    expect(found.converged.every(Boolean)).toBe(true);
  });

  test("is the least-squares solution where data lie off a plane, and says how far", async () => {
    const data = normals(7, 5);
    const { codes, residuals } = await invert({ engine, decoder: plane, data, starts: 1 });
    const rest = (await image(plane, codes)).map((x, i) => x - (data[i] as number));
    const w = W.data as Float64Array;
    for (const row of [0, 1]) {
      const slope = rest.reduce((sum, r, i) => sum + r * (w[row * 7 + i] as number), 0);
      expect(Math.abs(slope)).toBeLessThan(1e-5);
    }
    expect(residuals[0]).toBeCloseTo(Math.hypot(...rest), 9);
  });

  test("more starts are never worse", async () => {
    const data = normals(7 * 10, 6);
    const run = (starts: number) => invert({ engine, decoder: bent, data, starts });
    const [one, four] = [await run(1), await run(4)];
    one.residuals.forEach((residual, i) => {
      expect(four.residuals[i]).toBeLessThanOrEqual(residual + 1e-12);
    });
  });

  test.each([[new Float64Array(6)], [new Float64Array(0)], [new Float64Array(7).fill(Number.NaN)]])(
    "refuses what are no rows of seven numbers",
    async (data) => {
      await expect(invert({ engine, decoder: bent, data })).rejects.toThrow(
        /project: expected rows of 7 finite numbers/,
      );
    },
  );
});
