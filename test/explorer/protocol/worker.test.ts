import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nativeEngine } from "pullback";
import { axisPlane, concat, cos, graph, input, sin, writeOnnx } from "pullback-core";
import { describe, expect, test } from "vitest";
import type { Client, Port } from "../../../packages/explorer/src/protocol/client.ts";
import { client, LostWorker, PlainError } from "../../../packages/explorer/src/protocol/client.ts";
import type { OpenRequest } from "../../../packages/explorer/src/protocol/messages.ts";
import { serve } from "../../../packages/explorer/src/protocol/serve.ts";
import type { MapLevel } from "../../../packages/explorer/src/work/refine.ts";

const bytes = new Uint8Array(
  readFileSync(fileURLToPath(new URL("../../fixtures/clifford.onnx", import.meta.url))),
);
const opening: OpenRequest = {
  source: { kind: "files", files: [{ name: "clifford.onnx", bytes }] },
  threads: 1,
  device: "wasm",
  runtime: { wasm: { mjs: "", wasm: "" }, webgpu: { mjs: "", wasm: "" } },
};

/** Both ends in one thread, over the native engine: messages are copied as a worker would. */
function pair(onLost?: (error: LostWorker) => void): { asker: Client; port: Port } {
  const port: Port = {
    postMessage: (message) => {
      const copy = structuredClone(message);
      setTimeout(() => answer(copy), 0);
    },
    terminate: () => undefined,
    onmessage: null,
    onerror: null,
  };
  const answer = serve(
    { postMessage: (message) => port.onmessage?.({ data: structuredClone(message) }) },
    async () => ({ engine: nativeEngine({ threads: 1 }) }),
  );
  return { asker: client(port, onLost), port };
}

describe("page and worker", () => {
  test("open, follow, settle: the Clifford torus is flat, so lengths are those of the straight line", async () => {
    const { asker } = pair();
    const about = await asker.ask("open", opening);
    expect(about.description.latentDimension).toBe(2);
    const path = Float64Array.of(0, 0, 0.6, 0.8);
    const followed = await asker.ask("follow", { path, frames: 5 });
    expect(followed.geodesic.frames).toHaveLength(10);
    const { result, geodesic } = await asker.ask("settle", { path, frames: 5 });
    expect(result.geodesics[0]?.status).toBe("converged");
    expect(geodesic.length).toBeCloseTo(result.geodesics[0]?.straightLength as number, 3);
    expect([...geodesic.at]).toHaveLength(5);
    expect(geodesic.at[4]).toBeCloseTo(1, 12);
  });

  test("a metric that the model lacks something for is refused, and the one before stays", async () => {
    const { asker } = pair();
    await asker.ask("open", opening);
    await expect(asker.ask("metric", { name: "fisher-rao" })).rejects.toThrow("a likelihood");
    const path = Float64Array.of(0, 0, 0.3, 0.4);
    const plain = await asker.ask("settle", { path, frames: 3 });
    expect(plain.result.metric).toBe("pullback");
    await asker.ask("metric", { name: "smoothed", lambda: 1 });
    const smooth = await asker.ask("settle", { path, frames: 3 });
    expect(smooth.result.metric).toBe("smoothed");
    // G is the same everywhere on a flat torus, and so is the curve: lengths are stated in G.
    expect(smooth.geodesic.length).toBeCloseTo(plain.geodesic.length, 3);
    await asker.ask("metric", { name: "pullback" });
    const again = await asker.ask("settle", { path, frames: 3 });
    expect(again.geodesic.length).toBe(plain.geodesic.length);
  });

  test("more than two dimensions: no distances by fronts, in words", async () => {
    const { asker } = pair();
    const z = input("z", "float32", ["n", 3]);
    const bytes = writeOnnx(graph([z], { mean: concat([sin(z), cos(z)], 1) }));
    const source = { kind: "files", files: [{ name: "three.onnx", bytes }] } as const;
    await asker.ask("open", { ...opening, source });
    const ask = { source: [0, 0], nearest: 3 } as const;
    await expect(asker.ask("around", ask)).rejects.toThrow("two latent dimensions");
    const path = Float64Array.of(0, 0, 0, 0.3, 0.4, 1.2);
    const { geodesic } = await asker.ask("settle", { path, frames: 4 });
    // Each angle is an arc of a unit circle: flat, so 1.3.
    expect(geodesic.length).toBeCloseTo(1.3, 4);
  });

  test("the map comes level by level, and stops when it is not wanted any more", async () => {
    const { asker } = pair();
    await asker.ask("open", opening);
    const sides: number[] = [];
    const stop = new AbortController();
    const map = asker.ask(
      "map",
      { plane: axisPlane(2), bounds: [-1, 1, -1, 1], first: 33, last: 257 },
      {
        signal: stop.signal,
        onProgress: ({ side, logs }: MapLevel) => {
          sides.push(side);
          expect(logs).toHaveLength(side * side);
          if (side === 33) stop.abort();
        },
      },
    );
    await expect(map).rejects.toThrow();
    expect(sides).toEqual([33]);
  });

  test("what a person can put right comes as such", async () => {
    const { asker } = pair();
    const source = { kind: "files", files: [] } as const;
    await expect(asker.ask("open", { ...opening, source })).rejects.toThrow(PlainError);
    await expect(asker.ask("decode", Float64Array.of(0, 0))).rejects.toThrow("expected a model");
  });

  test("a worker that dies fails what was asked and what will be", async () => {
    const lost: LostWorker[] = [];
    const { asker, port } = pair((error) => lost.push(error));
    const asked = asker.ask("open", opening);
    port.onerror?.({ message: "out of memory" });
    await expect(asked).rejects.toThrow(LostWorker);
    await expect(asker.ask("open", opening)).rejects.toThrow("out of memory");
    expect(lost).toHaveLength(1);
  });
});
