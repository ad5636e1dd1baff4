import { nativeEngine } from "pullback";
import { distanceGraph, graphDistances, programCache, random } from "pullback-core";
import { expect, test } from "vitest";
import { sphere } from "../../reference/surfaces.ts";

const cache = programCache(nativeEngine({ threads: 1 }));
const { uniform } = random(4, "codes");
const codes = Array.from({ length: 12 }, () => [uniform() - 0.5, uniform() - 0.5] as const);
const points = Float64Array.from(codes.flat());

test("a matrix of distances is right to 3 %, symmetric, zero on the diagonal", async () => {
  const graph = await distanceGraph({ cache, metric: sphere.metric("float32"), points });
  const done: number[] = [];
  const D = await graphDistances(graph, { onProgress: (share) => done.push(share) });
  codes.forEach((a, i) => {
    expect(D[i * 12 + i]).toBe(0);
    codes.forEach((b, j) => {
      expect(D[i * 12 + j]).toBe(D[j * 12 + i]);
      if (i === j) return;
      const ratio = (D[i * 12 + j] as number) / sphere.distance([...a], [...b]);
      expect(ratio).toBeGreaterThan(0.999);
      expect(ratio).toBeLessThan(1.03);
    });
  });
  expect(done.at(-1)).toBe(1);
  await expect(graphDistances(graph, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
});
