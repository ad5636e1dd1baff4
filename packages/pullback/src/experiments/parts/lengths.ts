/** @file Geodesics against straight lines in G, over all pairs. */
import { leastSquares, mean, median, quantile, summarise } from "pullback-core";
import { significant } from "../../report/numbers.ts";
import type { ExperimentNumber, Part, Ruler } from "../experiment.ts";

/** Ratios of lengths pair by pair, as one number with its quartiles. */
export function ratioNumber(
  name: string,
  lengths: readonly number[],
  straight: readonly number[],
  rest: Pick<ExperimentNumber, "paper" | "ruler" | "setting">,
): ExperimentNumber {
  const ratios = lengths.map((length, i) => length / (straight[i] as number));
  return {
    name,
    ours: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    ...rest,
  };
}

/** Pearson's r of a length with the difference in the known value; none without values. */
export function correlationNumber(
  what: string,
  value: string,
  differences: readonly number[] | undefined,
  lengths: readonly number[],
  ruler: Ruler,
): ExperimentNumber[] {
  if (!differences || differences.length < 2) return [];
  return [
    {
      name: `correlation of ${what} with ${value}`,
      paper: null,
      ours: leastSquares(differences, lengths).correlation,
      ruler,
      setting: `${lengths.length} random pairs`,
    },
  ];
}

/** `paper`: the paper's single figure for this data, geodesic over straight line. */
export function lengths(paper: { readonly ratio: number; readonly where: string }): Part {
  return {
    name: "lengths",
    figures: [],
    everySeed: true,
    async run({ findings }) {
      const { result, differences, dataLengths, geodesic, straight, subject } = findings;
      const { description } = subject;
      const s = summarise(result.geodesics);
      const own = result.geodesics.map(({ length }) => length);
      const lines = result.geodesics.map(({ straightLength }) => straightLength);
      const value = description.value?.name ?? "the value";
      const setting = `${s.pairs} random pairs`;
      const heldOut = description.training?.heldOut;
      return {
        key: [
          {
            value: significant(s.ratio, 2),
            label: `mean geodesic over mean straight line in G; one figure of the paper is ${significant(paper.ratio, 2)}`,
          },
        ],
        numbers: [
          {
            name: "mean geodesic / mean straight line",
            paper: paper.ratio,
            ours: s.ratio,
            ruler: "G",
            setting: `${setting}; paper: ${paper.where}`,
          },
          ratioNumber("geodesic / straight line, pair by pair", own, lines, {
            paper: null,
            ruler: "G",
            setting: `${setting}, median`,
          }),
          {
            name: "one pair: geodesic / straight line",
            paper: null,
            ours: geodesic.length / straight.length,
            ruler: "G",
            setting: "the pair that is drawn",
          },
          {
            name: "geodesics longer than their straight line",
            paper: null,
            ours: s.longerThanStraight,
            ruler: "G",
            setting,
          },
          ...(dataLengths
            ? [
                {
                  name: "mean path along the data / mean straight line",
                  paper: null,
                  ours: mean(dataLengths) / s.meanStraightLength,
                  ruler: "G",
                  setting,
                } as const,
              ]
            : []),
          ...correlationNumber("geodesic length", value, differences, own, "G"),
          ...correlationNumber("straight length", value, differences, lines, "G"),
          ...(heldOut
            ? [
                {
                  name: "held-out log-likelihood (nats)",
                  paper: null,
                  ours: heldOut.logLikelihood,
                  ruler: null,
                  setting: `± ${significant(heldOut.standardError, 2)}, ${heldOut.observations} observations, ${heldOut.samples} samples each`,
                },
              ]
            : []),
        ],
      };
    },
  };
}
