import { readFileSync } from "node:fs";
import { nativeEngine } from "pullback";
import type { Engine, Tensor } from "pullback-core";
import { describe, expect, test } from "vitest";
import { disagreement } from "../../../packages/explorer/src/work/agree.ts";
import { gpuWhereItAgrees } from "../../../packages/explorer/src/work/device.ts";
import { openModel } from "../../../packages/explorer/src/work/open.ts";

const model = await openModel([
  {
    name: "torus.onnx",
    bytes: new Uint8Array(readFileSync(new URL("../../fixtures/torus.onnx", import.meta.url))),
  },
  { name: "codes.csv", bytes: new TextEncoder().encode("0.1,0.2\n1,0.5\n0.3,2\n-1,1\n") },
]);
const codes = Float64Array.from(model.latents);

/** An engine that changes every number that comes out. */
function changed(change: (value: number) => number, disposed: string[] = [], name = "gpu"): Engine {
  const inner = nativeEngine({ threads: 1 });
  return {
    name,
    async compile(graph) {
      const program = await inner.compile(graph);
      return {
        ...program,
        async run(inputs, into) {
          const outputs = await program.run(inputs, into);
          return Object.fromEntries(
            Object.entries(outputs).map(([key, tensor]): [string, Tensor] => {
              const data = (tensor.data as Float32Array).map(change);
              return [key, { ...tensor, data } as Tensor];
            }),
          );
        },
      };
    },
    async dispose() {
      disposed.push(name);
      await inner.dispose();
    },
  };
}
const same = (value: number): number => value;

describe("two engines", () => {
  test("that say the same differ by nothing; by as much as they do otherwise", async () => {
    const [a, b, c] = [changed(same), changed(same), changed((value) => 1.01 * value)];
    expect(await disagreement(model.decoder, codes, a, b)).toBe(0);
    const apart = await disagreement(model.decoder, codes, c, a);
    expect(apart).toBeGreaterThan(0.0099);
    expect(apart).toBeLessThan(0.03);
    // Without codes, along the diagonal.
    expect(await disagreement(model.decoder, new Float64Array(0), a, b)).toBe(0);
    await Promise.all([a, b, c].map((engine) => engine.dispose()));
  });
});

describe("a GPU that is wished for", () => {
  const choose = (webgpu: () => Promise<Engine>, disposed: string[] = []) =>
    gpuWhereItAgrees({ wasm: () => changed(same, disposed, "wasm"), webgpu }, model);

  test("computes where its values are those of WebAssembly, which is let go", async () => {
    const disposed: string[] = [];
    const rounded = changed((value) => value * (1 + 1e-5));
    const { engine, note } = await choose(async () => rounded, disposed);
    expect([engine.name, note, disposed]).toEqual(["gpu", undefined, ["wasm"]]);
    await engine.dispose();
  });

  test.each([
    ["is off", (value: number) => 1.05 * value, "the GPU gives other values"],
    ["gives no numbers", () => Number.NaN, "not finite, far off"],
  ])("does not where it %s, and is let go", async (_, change, words) => {
    const disposed: string[] = [];
    const { engine, note } = await choose(async () => changed(change, disposed), disposed);
    expect(engine.name).toBe("wasm");
    expect(note).toContain(words);
    expect(note).toContain("so it stays on WebAssembly");
    expect(disposed).toEqual(["gpu"]);
    await engine.dispose();
  });

  test("does not where there is none, and says so", async () => {
    const { engine, note } = await choose(async () => {
      throw new Error("this browser offers no GPU to compute on");
    });
    expect([engine.name, note]).toEqual([
      "wasm",
      "this browser offers no GPU to compute on, so it stays on WebAssembly",
    ]);
    await engine.dispose();
  });
});
