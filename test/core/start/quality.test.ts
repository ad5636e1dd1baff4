/** @file How good first guesses are by themselves, before anything is solved. */
import { nativeEngine } from "pullback";
import type { Start } from "pullback-core";
import {
  autoStarts,
  bezierStart,
  evaluator,
  frontStart,
  graphStart,
  gridStart,
  measure,
  previousStart,
  programCache,
  random,
  startsFor,
  straight,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import { lastFound } from "../../../packages/core/src/start/box.ts";
import type { Surface } from "../../reference/surfaces.ts";
import { paraboloid, stereographic } from "../../reference/surfaces.ts";

const cache = programCache(nativeEngine({ threads: 1 }));

/** Mean and greatest length of the proposals over the closed form. */
async function quality(
  surface: Surface,
  start: Start,
  latents: Float64Array = new Float64Array(0),
) {
  const { d } = surface;
  const evaluate = evaluator(cache, surface.metric("float64"));
  const pairs = { d, points: Float64Array.from(surface.pairs.flat(2)) };
  const proposed = await start.propose({ evaluator: evaluate, pairs, latents, seed: 1 });
  const curves = proposed.filter((curve) => curve !== null);
  expect(curves).toHaveLength(surface.pairs.length);
  const ratios = (await measure(evaluate, curves, 1e-4)).map(
    ({ length }, i) => length / surface.distance(...(surface.pairs[i] as Surface["pairs"][0])),
  );
  return { mean: ratios.reduce((a, b) => a + b) / ratios.length, worst: Math.max(...ratios) };
}

const draw = random(5, "quality");
const points = (d: number, count: number, size: number): number[][] =>
  Array.from({ length: count }, () => Array.from({ length: d }, () => size * draw.normal()));
const pairsOf = (d: number, size: number): (readonly [number[], number[]])[] => {
  const all = points(d, 20, size);
  return Array.from({ length: 10 }, (_, i) => [all[2 * i] as number[], all[2 * i + 1] as number[]]);
};
const disc = stereographic(2, pairsOf(2, 0.8));
const ball = stereographic(5, pairsOf(5, 1.2));
const cloud = (d: number): Float64Array => Float64Array.from(points(d, 1500, 0.9).flat());

describe("lengths of proposals over those of geodesics", () => {
  test("straight and random curves are what there is to beat", async () => {
    expect((await quality(disc, straight)).mean).toBeGreaterThan(1.05);
    expect((await quality(disc, bezierStart())).mean).toBeGreaterThan(1.05);
  });

  test.each([
    ["grid", gridStart({ side: 81 }), 1.02, 1.04],
    ["front", frontStart({ grid: 81 }), 1.01, 1.02],
    ["graph", graphStart(), 1.06, 1.12],
  ])("%s, d = 2", async (_, start, mean, worst) => {
    const found = await quality(disc, start, cloud(2));
    expect(found.mean).toBeLessThan(mean);
    expect(found.worst).toBeLessThan(worst);
  });

  // A graph overestimates the more, the higher the dimension; it need only lead the right way.
  test("graph, d = 5, beats the straight line, at the mean and at worst", async () => {
    const found = await quality(ball, graphStart(), cloud(5));
    const line = await quality(ball, straight);
    expect(found.mean).toBeLessThan(line.mean);
    expect(found.worst).toBeLessThan(line.worst);
  });

  test("previous curves, moved along, stay as good as they were", async () => {
    const evaluate = evaluator(cache, paraboloid.metric("float64"));
    const [a, b] = paraboloid.pairs[0] as (typeof paraboloid.pairs)[0];
    const pairs = { d: 2, points: Float64Array.from([...a, ...b]) };
    const [way] = await gridStart({ side: 81 }).propose({
      ...{ evaluator: evaluate, pairs, latents: new Float64Array(0), seed: 1 },
    });
    const moved = { d: 2, points: pairs.points.map((x, i) => (i === 2 ? x + 0.02 : x)) };
    const [again] = await previousStart([way ?? null]).propose({
      ...{ evaluator: evaluate, pairs: moved, latents: new Float64Array(0), seed: 1 },
    });
    const [before, after] = await measure(
      evaluate,
      [way, again].map((curve) => curve as Float64Array),
      1e-4,
    );
    expect((after?.length ?? 0) / (before?.length ?? 0)).toBeCloseTo(1, 1);
    expect([...(again as Float64Array).slice(-2)]).toEqual([...moved.points.slice(2)]);
  });
});

test("what is tried by default has something for every dimension", async () => {
  for (const d of [1, 2, 3, 10]) {
    const names = autoStarts(d).map(({ name }) => name);
    expect(names).toContain("straight");
    for (const name of d === 2 ? ["grid", "front"] : ["graph"]) expect(names).toContain(name);
  }
});

test("in the smoothed metric no straight line is tried: it leads through the wall around the codes", () => {
  const metric = disc.metric("float64");
  expect(startsFor({ ...metric, name: "smoothed" }).map(({ name }) => name)).toEqual(["grid"]);
  expect(startsFor(metric)).toHaveLength(autoStarts(2).length);
});

test("what a start over a lattice has found it finds anew only in another metric or box", async () => {
  const [metric, other] = [disc.metric("float64"), disc.metric("float64")];
  const kept = lastFound<number>();
  let found = 0;
  const ask = (of: typeof metric, right: number): Promise<number> =>
    kept(of, [0, right, 0, 1], async () => ++found);
  expect(await ask(metric, 1)).toBe(1);
  expect(await ask(metric, 1)).toBe(1);
  expect(await ask(metric, 2)).toBe(2);
  expect(await ask(other, 2)).toBe(3);
});
