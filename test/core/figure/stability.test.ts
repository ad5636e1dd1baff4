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

  test("dots stand at their variation, on one logarithmic scale for both axes", () => {
    const side = 380 - 58 - 10;
    const [x, y] = [attributes(svg, "circle", "cx"), attributes(svg, "circle", "cy")];
    const across = x.slice(0, 12).map((value) => Number(value) - 58);
    const up = y.slice(0, 12).map((value) => side + 30 - Number(value));
    const { euclidean, geodesic } = found.asMeasured;
    // Two pairs fix the scale; it has to fit all others.
    const order = [...euclidean.keys()].sort(
      (i, j) => (euclidean[i] as number) - (euclidean[j] as number),
    );
    const [first, last] = [order[1] as number, order[9] as number];
    const log = (value: number | undefined): number => Math.log(value as number);
    const unit =
      ((across[last] as number) - (across[first] as number)) /
      (log(euclidean[last]) - log(euclidean[first]));
    const place = (value: number | undefined): number =>
      (across[first] as number) + unit * (log(value) - log(euclidean[first]));
    for (let pair = 0; pair < 12; pair++) {
      const within = (value: number): number => Math.min(side, Math.max(0, value));
      expect(across[pair]).toBeCloseTo(within(place(euclidean[pair])), 0);
      expect(up[pair]).toBeCloseTo(within(place(geodesic[pair])), 0);
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
