import { concat, cos, decoder, graph, input, programCache, random, sin } from "pullback-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { serverDocument } from "../../../packages/pullback/src/report/document.ts";
import type { Findings } from "../../../packages/pullback/src/report/findings.ts";
import { findings } from "../../../packages/pullback/src/report/findings.ts";
import { connectPairs, randomPairs } from "../../../packages/pullback/src/report/pairs.ts";
import { report } from "../../../packages/pullback/src/report/report.ts";
import { description, pairs, result, subject } from "./example.ts";

const engine = nativeEngine({ threads: 1 });
const document = serverDocument();
let found: Findings;
beforeAll(async () => {
  found = await findings({
    cache: programCache(engine),
    subject,
    pairs,
    result,
    seed: 3,
    grid: 24,
  });
});
afterAll(() => engine.dispose());

describe("findings of the torus", () => {
  test("the magnification factor is 1 everywhere", () => {
    for (const value of found.map.magnification) expect(value).toBeCloseTo(1, 5);
  });

  test("data, curves and map lie in the same bounds", () => {
    const [x0, x1, y0, y1] = found.map.bounds;
    expect(x1 - x0).toBeCloseTo(y1 - y0, 2);
    expect(Math.min(...found.data.points)).toBeGreaterThan(Math.min(x0, y0));
    expect(Math.max(...found.data.points)).toBeLessThan(Math.max(x1, y1));
  });

  test("the drawn pair is the upper quartile of straight over geodesic", () => {
    // Ratios are 1, 1 1/8, …, 1 7/8; their upper quartile 1.656 lies between numbers 5 and 6.
    expect(found.drawn).toBe(5);
  });

  test("the straight line has constant speed on the torus, equal to its length", () => {
    const { from, to } = result.geodesics[5] as (typeof result.geodesics)[0];
    const length = Math.hypot(...from.map((a, k) => a - (to[k] as number)));
    for (const speed of found.straight.velocity as Float64Array)
      expect(speed).toBeCloseTo(length, 4);
  });

  test("observations are decoded at equal steps, ends included", () => {
    const { from } = result.geodesics[5] as (typeof result.geodesics)[0];
    const first = found.geodesic.observations.subarray(0, 4);
    const expected = [Math.cos, Math.sin].flatMap((f) => from.map(f));
    for (const [i, x] of first.entries()) expect(x).toBeCloseTo(expected[i] as number, 5);
    expect(found.geodesic.observations.length).toBe(11 * 4);
  });

  test("angles differ the shorter way round", () => {
    for (const difference of found.differences ?? []) expect(difference).toBeLessThanOrEqual(180);
  });
});

describe("report", () => {
  test("is one page that fetches nothing", () => {
    const html = report(document, found);
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/<script|<link|@import|url\((?!#)/);
    const targets = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, target]) => target);
    for (const target of targets) expect(target).toMatch(/^(data:|#)/);
  });

  test("escapes the model's name", () => {
    const html = report(document, found);
    expect(html).toContain("torus &lt;1&gt;");
    expect(html).not.toContain("torus <1>");
  });

  test("states the numbers", () => {
    const html = report(document, found);
    for (const said of [
      "320.25 ± 0.75 nats",
      "2,500 steps in 61 s",
      "100 %",
      "7, 3",
      "gauss-newton",
      "number 6",
      "No geodesic is longer",
    ])
      expect(html, said).toContain(said);
  });

  test("has its five figures, each with a caption", () => {
    const html = report(document, found);
    expect(html.match(/<figure>/g)).toHaveLength(5);
    expect(html.match(/<figcaption><b>/g)).toHaveLength(5);
  });

  test("without values, training or held-out data it leaves those out", async () => {
    const bare = {
      ...subject,
      values: undefined,
      training: undefined,
      description: { ...description, value: undefined, training: undefined },
    };
    const html = report(
      document,
      await findings({
        cache: programCache(engine),
        subject: bare,
        pairs,
        result,
        seed: 3,
        grid: 4,
      }),
    );
    expect(html.match(/<figure>/g)).toHaveLength(3);
    expect(html).not.toMatch(/undefined|NaN/);
  });
});

test("one latent dimension is refused with a word", async () => {
  const line = { ...subject, decoder: { ...subject.decoder, latentDimension: 1 } };
  await expect(
    findings({ cache: programCache(engine), subject: line, pairs, result, seed: 1 }),
  ).rejects.toThrow("two latent dimensions");
});

test("three dimensions are drawn in their principal plane, geodesics with them", async () => {
  const z = input("z", "float32", ["n", 3]);
  const { normal } = random(3, "three");
  const three = {
    folder: "three",
    description: { ...description, latentDimension: 3, dataDimension: 6, value: undefined },
    decoder: decoder(graph([z], { mean: concat([cos(z), sin(z)], 1) })),
    latents: Float32Array.from({ length: 90 }, (_, i) => normal() * (i % 3 === 1 ? 0.05 : 1)),
  };
  const solid = {
    ...three.description,
    observationShape: [6],
    drawing: { kind: "curve" as const },
  };
  const cache = programCache(engine);
  const about = { ...three, description: solid };
  const chosen = randomPairs(30, { count: 3, seed: 1 });
  const curves = await connectPairs({ cache, subject: about, pairs: chosen, seed: 1 });
  const seen = await findings({
    cache,
    subject: about,
    pairs: chosen,
    result: curves,
    seed: 1,
    grid: 5,
  });
  expect(seen.axes).toEqual(["first principal axis", "second principal axis"]);
  for (const axis of seen.plane.axes) expect(Math.abs(axis[1] as number)).toBeLessThan(0.1);
  for (const factor of seen.map.magnification) expect(factor).toBeCloseTo(1, 4);
  const page = report(document, seen);
  expect(page).toContain("first principal axis");
  expect(page).not.toMatch(/undefined|NaN/);
});
