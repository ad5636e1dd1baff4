/**
 * @file The smoothed metric (Eq. 17): Fig. 3, the lambda that the rule chooses, and geodesics in
 * that metric, in both rulers.
 */
import type { Curve, GeodesicResult, GeodesicsResult, SmoothingRow } from "pullback-core";
import {
  chooseLambda,
  evaluator,
  graphStart,
  lambdaGrid,
  lengthValueFigure,
  mean,
  pullback,
  smoothingFigure,
  smoothingTable,
  straightCurve,
} from "pullback-core";
import { dataPathsOf } from "../../report/findings.ts";
import { html } from "../../report/html.ts";
import { significant } from "../../report/numbers.ts";
import { table } from "../../report/page.ts";
import { connectPairs } from "../../report/pairs.ts";
import { curvesPlate } from "../../report/plates.ts";
import type { ExperimentNumber, Part, PartContext, PartResult } from "../experiment.ts";
import { correlationNumber, ratioNumber } from "./lengths.ts";

/** What the paper says of lengths in the smoothed metric. */
export interface SmoothedPaper {
  readonly ratio: number;
  readonly where: string;
  readonly dataRatio?: number;
  /** Pairs that are solved, the drawn one and the first; all by default. Some decoders take minutes. */
  readonly pairs?: number;
}

export function smoothing(paper: SmoothedPaper): Part {
  return {
    name: "smoothed metric",
    figures: ["smoothing", "map-smoothed", "length-value-smoothed"],
    run: (context) => run(context, paper),
  };
}

async function run(context: PartContext, paper: SmoothedPaper): Promise<PartResult> {
  const { cache, document, findings, pairs, watch } = context;
  const { subject, result } = findings;
  const metric = pullback(subject.decoder);
  const straight = result.geodesics.map(({ from, to }) => straightCurve(from, to));
  const { curves: paths, how } = await alongData(context);
  const lambdas = await lambdaGrid(cache, metric, subject.latents);
  const rows = await smoothingTable({ cache, metric, straight, data: paths, lambdas });
  const lambda = chooseLambda(rows);
  const members = chosenPairs(pairs.length, findings.drawn, paper.pairs);
  const total = members.length;
  const bar = watch.progress({ label: "smoothed geodesics", total, unit: "pairs" });
  const smooth = await connectPairs({
    ...{ cache, subject, seed: findings.seed, signal: watch.signal },
    pairs: members.map((pair) => pairs[pair] as (typeof pairs)[number]),
    metric: { name: "smoothed", lambda },
    // Lengths of a metric that changes by orders of magnitude: one per cent is what it takes.
    tolerance: 1e-2,
    segments: { first: 24, most: 96 },
    onProgress: (share) => share < 1 && bar.update(Math.round(share * total)),
  }).finally(() => bar.end());
  const chosen = rows.find((row) => row.lambda === lambda) as SmoothingRow;
  const data = members.map((pair) => chosen.data[pair] as number);
  const differences = members.flatMap((pair) => findings.differences?.[pair] ?? []);
  const own = smooth.geodesics.map(({ smoothedLength }) => smoothedLength as number);
  const lines = smooth.geodesics.map((g) => g.smoothedStraightLength as number);
  const value = subject.description.value;
  return {
    numbers: numbersOf(paper, {
      lambda,
      ratio: chosen.ratio,
      data,
      smooth,
      own,
      lines,
      how,
      differences,
      value: value?.name,
    }),
    key: [
      {
        value: significant(mean(own) / mean(lines), 2),
        label: `the same in the smoothed metric Ĝ, λ = ${power(lambda)}`,
      },
    ],
    section: {
      title: "The smoothed metric",
      text: html`<p>Eq. 17 weighs the singular values s of G as s³/(s² + λ): where the decoder changes slowly
        it becomes almost free to move. The path along the data here goes ${how}. λ comes from a rule stated
        before looking: the first on a grid of decades from which the next one lets the ratio of path along the
        data to straight line fall by less than a tenth of itself; all singular values are kept (r = ${subject.decoder.latentDimension}).
        It chooses λ = ${power(lambda)}. The search is kept among the codes by a wall around
        them, because elsewhere Ĝ has shortcuts that no data support (docs/theory.md); lengths are of Ĝ without it.</p>
        ${lambdaTable(rows)}`,
      plates: [
        {
          name: "smoothing",
          svg: smoothingFigure(document, { rows, chosen: lambda }),
          caption: html`<b>Length over λ (Fig. 3).</b> Means over the same ${pairs.length} pairs with their 95 %
            bands, both axes logarithmic. The dotted line is the λ that the rule chose.`,
        },
        curvesPlate(
          document,
          findings,
          smooth.geodesics[members.indexOf(findings.drawn)] as GeodesicResult,
          {
            name: "map-smoothed",
            lengths: (g) => [g.smoothedLength as number, g.smoothedStraightLength as number],
            caption: (
              g,
            ) => html`<b>The same pair in the smoothed metric.</b> Its geodesic is ${significant(g.smoothedLength as number)}
            long in Ĝ against ${significant(g.smoothedStraightLength as number)} of the straight line; in G it is ${significant(g.length)}
            against ${significant(g.straightLength)}.`,
          },
        ),
        ...(value && differences.length > 0
          ? [
              {
                name: "length-value-smoothed",
                svg: lengthValueFigure(document, {
                  value,
                  lengthLabel: "length in the smoothed metric Ĝ",
                  pairs: own.map((length, i) => ({
                    length,
                    straightLength: lines[i] as number,
                    dataLength: data[i] as number,
                    difference: differences[i] as number,
                  })),
                }),
                caption: html`<b>Length in Ĝ and ${value.name} (Fig. 4).</b> The same pairs as above, all three
                  kinds of curve measured in the smoothed metric.`,
              },
            ]
          : []),
      ],
    },
  };
}

interface Smoothed {
  readonly lambda: number;
  /** Mean path along the data over mean straight line, of all pairs. */
  readonly ratio: number;
  /** Lengths of the paths along the data. */
  readonly data: readonly number[];
  readonly smooth: GeodesicsResult;
  readonly own: readonly number[];
  readonly lines: readonly number[];
  readonly how: string;
  readonly differences: readonly number[];
  readonly value: string | undefined;
}

function numbersOf(
  paper: SmoothedPaper,
  { lambda, ratio, data, smooth, own, lines, how, differences, value = "the value" }: Smoothed,
): ExperimentNumber[] {
  const setting = `${own.length} random pairs, λ = ${power(lambda)}`;
  const shorter = own.filter((length, i) => length <= (data[i] as number) * 1.001).length;
  return [
    {
      name: "mean geodesic / mean straight line, smoothed",
      paper: paper.ratio,
      ours: mean(own) / mean(lines),
      ruler: "Ĝ",
      setting: `${setting}; paper: ${paper.where}`,
    },
    ratioNumber("geodesic / straight line, pair by pair, smoothed", own, lines, {
      paper: null,
      ruler: "Ĝ",
      setting: `${setting}, median`,
    }),
    ratioNumber(
      "the smoothed geodesics, measured in G",
      smooth.geodesics.map(({ length }) => length),
      smooth.geodesics.map(({ straightLength }) => straightLength),
      { paper: null, ruler: "G", setting: `${setting}, median of geodesic / straight line` },
    ),
    {
      name: "mean path along the data / mean straight line, smoothed",
      paper: paper.dataRatio ?? null,
      ours: ratio,
      ruler: "Ĝ",
      setting: `${setting}; path ${how}`,
    },
    {
      name: "smoothed geodesics no longer than the path along the data",
      paper: null,
      ours: shorter,
      ruler: "Ĝ",
      setting,
    },
    ...correlationNumber("smoothed length", value, differences, own, "Ĝ"),
  ];
}

/** The first `count` pairs with the drawn one among them, by number. */
function chosenPairs(all: number, drawn: number, count = all): readonly number[] {
  const first = Array.from({ length: Math.min(all, count) }, (_, i) => i);
  return first.includes(drawn) ? first : [...first.slice(0, -1), drawn];
}

/** Through mean codes where the value is known, otherwise through neighbouring codes. */
async function alongData({
  cache,
  findings,
  pairs,
}: PartContext): Promise<{ readonly curves: readonly Curve[]; readonly how: string }> {
  const { subject, result, seed } = findings;
  const known = dataPathsOf(subject, pairs);
  if (known) return { curves: known, how: "through the mean codes of 72 bins of the known value" };
  const d = subject.decoder.latentDimension;
  const points = Float64Array.from(result.geodesics.flatMap(({ from, to }) => [...from, ...to]));
  const paths = await graphStart().propose({
    evaluator: evaluator(cache, pullback(subject.decoder)),
    pairs: { d, points },
    latents: Float64Array.from(subject.latents),
    seed,
  });
  const curves = paths.map((nodes, i): Curve => {
    const { from, to } = result.geodesics[i] as GeodesicResult;
    if (!nodes) return straightCurve(from, to);
    return Array.from({ length: nodes.length / d }, (_, j) => [
      ...nodes.subarray(j * d, (j + 1) * d),
    ]);
  });
  return { curves, how: "from code to neighbouring code, the shortest such way in G" };
}

function lambdaTable(rows: readonly SmoothingRow[]) {
  return table(
    rows.map(({ lambda, straight, data, ratio }) => [
      power(lambda),
      significant(mean(straight)),
      significant(mean(data)),
      significant(ratio, 3),
    ]),
    ["λ", "mean straight line", "mean path along the data", "ratio"],
  );
}

/** `1e4` */
const power = (lambda: number): string =>
  lambda === 0 ? "0" : `1e${Math.round(Math.log10(lambda))}`;
