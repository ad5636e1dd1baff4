/** @file Geodesics in the expected metric, which grows away from the data: they keep to it. */
import type { GeodesicResult } from "pullback-core";
import { mean } from "pullback-core";
import { html } from "../../report/html.ts";
import { significant } from "../../report/numbers.ts";
import { curvesPlate } from "../../report/plates.ts";
import type { Part } from "../experiment.ts";
import { correlationNumber } from "./lengths.ts";

export const expectedMetric: Part = {
  name: "expected metric",
  figures: ["map-expected"],
  async run({ document, findings, pairs, expected }) {
    const { subject, differences, result, drawn, dataLengths } = findings;
    const found = await expected();
    const own = found.geodesics.map(({ length }) => length);
    const plain = result.geodesics.map(({ length }) => length);
    const value = subject.description.value?.name ?? "the value";
    const numbers = [
      {
        name: "geodesics of the expected metric / geodesics of G, mean lengths",
        paper: null,
        ours: mean(own) / mean(plain),
        ruler: "G",
        setting: `${pairs.length} random pairs, both measured in G`,
      } as const,
      ...correlationNumber("length of expected geodesics", value, differences, own, "G"),
    ];
    const r = numbers[1]?.ours;
    return {
      numbers,
      key:
        r === undefined
          ? []
          : [
              {
                value: r.toFixed(2),
                label: `correlation with ${value} of geodesics in the expected metric`,
              },
            ],
      section: {
        title: "The expected metric",
        text: html`<p>The mean of a decoder alone may fade one observation into another through a part of latent
          space where there are no data. The expected metric adds how fast the model's uncertainty grows,
          here by a precision network fitted to the codes, and its geodesics keep close to them. Measured in G
          they are ${significant(mean(own))} long on average, geodesics of G itself ${significant(mean(plain))}${
            dataLengths && html`, paths along the data ${significant(mean(dataLengths))}`
          }.</p>`,
        plates: [
          curvesPlate(document, findings, found.geodesics[drawn] as GeodesicResult, {
            name: "map-expected",
            lengths: (g) => [g.length, g.straightLength],
            caption: (
              g,
            ) => html`<b>The same pair in the expected metric.</b> Its geodesic keeps closer to the data; measured
              in G it is ${significant(g.length)} long.`,
          }),
        ],
      },
    };
  },
};
