import { random, stability, stabilityFigure } from "pullback-core";
import { describe, expect, test } from "vitest";
import { attributes, document, kept, texts } from "./draw.ts";

const draw = random(6, "stability figure");
const truth = Array.from({ length: 12 }, () => 1 + draw.uniform());
const noisy = (share: number, scale: number): number[] =>
  truth.map((x) => scale * x * (1 + share * (draw.uniform() - 0.5)));
const found = stability({
  geodesic: [1, 1.02, 0.97].map((scale) => noisy(0.1, scale)),
  euclidean: [1, 1.5, 0.7].map((scale) => noisy(0.4, scale)),
});

describe("stability figure", () => {
  const svg = stabilityFigure(document, { stability: found });

  test("a dot for each pair and one for the medians, in both panels", () => {
    expect(attributes(svg, "circle", "cx")).toHaveLength(2 * (12 + 1));
  });

  test("dots stand at their variation, equal scales on both axes", () => {
    const inner = 380 - 46 - 10;
    const [x, y] = [attributes(svg, "circle", "cx"), attributes(svg, "circle", "cy")];
    const across = x.slice(0, 12).map((value) => Number(value) - 46);
    const up = y.slice(0, 12).map((value) => inner + 30 - Number(value));
    // The same factor takes every variation to its place.
    const factor = (across[0] as number) / (found.asMeasured.euclidean[0] as number);
    expect(Math.max(...across)).toBeLessThanOrEqual(inner);
    for (let pair = 0; pair < 12; pair++) {
      const [e, g] = [found.asMeasured.euclidean[pair], found.asMeasured.geodesic[pair]];
      if ((across[pair] as number) < inner - 1)
        expect(across[pair]).toBeCloseTo(factor * (e as number), 0);
      expect(up[pair]).toBeCloseTo(factor * (g as number), 0);
    }
  });

  test("says shares, p and medians as they are", () => {
    const { asMeasured, scaled } = found;
    for (const { geodesicSteadier, quartiles, test: wilcoxon } of [asMeasured, scaled]) {
      const share = Math.round(100 * geodesicSteadier);
      expect(texts(svg).some((said) => said.includes(`less in ${share} % of 12 pairs`))).toBe(true);
      expect(
        texts(svg).some((said) => said.includes(`${(100 * quartiles.geodesic[1]).toFixed(1)} %`)),
      ).toBe(true);
      const p = wilcoxon.p < 1e-3 ? wilcoxon.p.toExponential(0) : wilcoxon.p.toPrecision(2);
      expect(texts(svg).some((said) => said.endsWith(`p = ${p}`))).toBe(true);
    }
  });

  test("snapshot", async () => {
    await expect(kept(svg)).toMatchFileSnapshot("snapshots/stability.svg");
  });
});
