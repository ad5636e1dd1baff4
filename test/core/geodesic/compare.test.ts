import { nativeEngine } from "pullback";
import type { TracePoint } from "pullback-core";
import { compareSolvers, programCache } from "pullback-core";
import { describe, expect, test } from "vitest";
import { sphere } from "../../reference/surfaces.ts";

const cache = programCache(nativeEngine({ threads: 1 }));
const metric = sphere.metric("float32");
const neural = { points: 60, curves: 2, pretrainIterations: 40, iterations: 60 };

describe("both solvers on the same pairs", () => {
  test("answer lengths by one ruler, and times that the traces bear out", async () => {
    const pairs = Float64Array.from(sphere.pairs.flat(2));
    const compared = await compareSolvers({ cache, metric, pairs, neural });
    expect(compared).toHaveLength(sphere.pairs.length);
    compared.forEach(({ fast, paper, lengthRatio, fastSeconds, paperSeconds, reached }, i) => {
      const [a, b] = sphere.pairs[i] as (typeof sphere.pairs)[0];
      expect(fast.length / sphere.distance(a, b)).toBeCloseTo(1, 4);
      expect(lengthRatio).toBe(fast.length / paper.length);
      expect(lengthRatio).toBeLessThan(1.0001);
      expect(fastSeconds).toBe(compared[0]?.fastSeconds);
      const trace = paper.trace as readonly TracePoint[];
      const near = trace.filter(({ length }) => length <= 1.005 * fast.length);
      expect(reached).toBe(near.length > 0);
      expect(paperSeconds).toBe((near[0] ?? trace.at(-1))?.seconds);
    });
    expect(compared.some(({ reached }) => reached)).toBe(true);
  });

  test("a curve that never comes near counts with its whole run", async () => {
    const pairs = Float64Array.of(0, -1, 0.5, 0.5);
    const [pair] = await compareSolvers({
      cache,
      metric,
      pairs,
      neural: { ...neural, pretrainIterations: 5, iterations: 0 },
    });
    expect(pair?.paper.trace).toHaveLength(1);
    expect(pair?.reached).toBe(false);
    expect(pair?.paperSeconds).toBe(pair?.paper.trace?.[0]?.seconds);
  });

  test("equal ends are refused: no solver has work with them", async () => {
    const pairs = Float64Array.of(0, -1, 0.5, 0.5, 0.1, 0.2, 0.1, 0.2);
    await expect(compareSolvers({ cache, metric, pairs, neural })).rejects.toThrow(
      /pair 1: expected ends that differ/,
    );
  });
});
