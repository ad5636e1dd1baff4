import type { Tensor } from "pullback-core";
import { random } from "pullback-core";
import { afterAll, describe, expect, it } from "vitest";
import { encodeAll } from "../../../packages/core/src/model/evaluate.ts";
import { decoderGraph } from "../../../packages/core/src/model/export.ts";
import { startFromData } from "../../../packages/core/src/model/initial.ts";
import { ring } from "../../../packages/core/src/model/ring.ts";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { tiny } from "./tiny.ts";

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());

/** A circle in five dimensions with a smaller second harmonic, and its angle. */
function circle(n: number) {
  const { uniform, normal } = random(3, "circle");
  const values = Array.from({ length: n }, () => 360 * uniform());
  const data = Float32Array.from(
    values.flatMap((degrees) => {
      const t = (degrees * Math.PI) / 180;
      const noise = () => 0.02 * normal();
      return [
        1 + 0.5 * Math.cos(t) + noise(),
        2 + 0.5 * Math.sin(t) + noise(),
        3 + 0.2 * Math.cos(2 * t) + noise(),
        4 + 0.2 * Math.sin(2 * t) + noise(),
        0.5 + noise(),
      ];
    }),
  );
  const observations: Tensor<"float32"> = { type: "float32", shape: [n, 5], data };
  return { values, observations };
}

describe("startFromData", () => {
  const { values, observations: data } = circle(2000);
  const spec = tiny({ encoder: { widths: [32, 32], activation: "tanh" } });

  it("puts data on a circle on one ring, of unit variance along both axes", async () => {
    for (const seed of [1, 2, 3]) {
      const { parameters } = await startFromData({ engine, spec, data, seed });
      const latents = await encodeAll({ engine, spec, parameters, data });
      const { winding, monotone } = ring(latents, values);
      expect(Math.abs(winding)).toBe(1);
      expect(monotone).toBe(1);
      for (const axis of [0, 1]) {
        const squares = latents.data.filter((_, i) => i % 2 === axis).map((z) => z * z);
        expect(squares.reduce((sum, z) => sum + z, 0) / 2000).toBeCloseTo(1, 0);
      }
    }
  });

  it("starts the decoder near the mean of the data and sigma at the spread around it", async () => {
    const linear = { ...spec, mean: "linear" as const };
    const { parameters } = await startFromData({ engine, spec: linear, data, seed: 1 });
    const program = await engine.compile(decoderGraph(linear, parameters));
    const { mean, variance } = await program.run({
      z: { type: "float32", shape: [1, 2], data: Float32Array.of(0, 0) },
    });
    [1, 2, 3, 4, 0.5].forEach((expected, i) => {
      expect(Math.abs((mean?.data[i] as number) - expected)).toBeLessThan(0.05);
    });
    // Variances 1/8, 1/8, 1/50, 1/50 and the noise.
    expect(variance?.data[0]).toBeCloseTo(0.0584, 2);
  });

  it("takes data with fewer directions than latent dimensions", async () => {
    const flat: Tensor<"float32"> = {
      type: "float32",
      shape: [50, 5],
      data: Float32Array.from({ length: 250 }, (_, i) => (i % 5 === 0 ? Math.floor(i / 5) : 1)),
    };
    const { parameters } = await startFromData({ engine, spec, data: flat, seed: 1 });
    expect(parameters.every(Number.isFinite)).toBe(true);
  });
});
