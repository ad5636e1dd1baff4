/** @file Human motion (Section 4.6, Fig. 11 to 13): a walking person as 50 joint angles. */
import type { Curve } from "pullback-core";
import {
  decodeAt,
  frameSearch,
  magnificationAt,
  mean,
  meanFrameDistances,
  median,
  nearestFrameDistances,
  pointsAlong,
  pointsOnCircle,
  rowFigure,
  straightCurve,
} from "pullback-core";
import { html } from "../report/html.ts";
import { percent, significant } from "../report/numbers.ts";
import type { Experiment, ExperimentNumber, PartContext, PartResult } from "./experiment.ts";
import { expectedMetric } from "./parts/expected.ts";
import { lengths } from "./parts/lengths.ts";
import { smoothing } from "./parts/smoothing.ts";
import { solvers } from "./parts/solvers.ts";

export const humanMotion: Experiment = {
  name: "human-motion",
  title: "Human motion",
  lead: html`A person walks, recorded as the angles of all joints. A model with two latent dimensions lays the
    steps along a loop. A geodesic between two poses keeps to what was recorded; a straight line cuts across the
    loop, where the decoder blends one pose into another. This is
    Section 4.6 of Chen et al. (2018) again, with its Figures 11 to 13, on the same recordings.`,
  differences: [
    html`The paper takes its choice of 50 of 62 channels from elsewhere. Left out here are the root's six and the
      six that never move in trials 1 to 16.`,
    html`Channels are scaled to 0.1 to 0.9, so that they are positive (the decoder's mean is a softplus) and
      count alike; the noise of 0.03 is on that scale, and so are lengths.`,
    html`The paper shows one pair. Here it is 100 random pairs.`,
  ],
  spread: 1,
  parts: [
    lengths({ ratio: 0.889, where: "2.57 over 2.89 on one pair, Fig. 11" }),
    { name: "poses", figures: ["poses-on-a-circle"], run: poses },
    smoothing({ ratio: 0.889, where: "2.57 over 2.89 on one pair, Fig. 11; ruler not stated" }),
    expectedMetric,
    solvers(100),
  ],
};

/** Where the straight line's greatest magnification is over this quantile of the pairs, it crosses a ridge. */
const ridge = 0.75;
const points = 100;
/** Codes whose own distance to the frames is measured. */
const sampled = 1000;

async function poses(context: PartContext): Promise<PartResult> {
  const { cache, document, findings, pairs, watch, dataset } = context;
  const { subject, result } = findings;
  const { decoder, description, latents } = subject;
  // Recorded frames: to their noisy copies everything is far, on the curve or off it.
  const { clean, observations } = await dataset();
  const search = frameSearch(clean ?? observations);
  const expected = await context.expected();
  const straight = result.geodesics.map(({ from, to }) => straightCurve(from, to));
  const distances = (curves: readonly Curve[]): Promise<number[]> =>
    meanFrameDistances(cache, decoder, search, curves, points);
  const found = {
    expected: await distances(expected.geodesics.map(({ curve }) => curve)),
    plain: await distances(result.geodesics.map(({ curve }) => curve)),
    straight: await distances(straight),
  };
  const codes = Array.from({ length: sampled }, (_, i) => {
    const at = Math.floor((i * latents.length) / 2 / sampled);
    return [...latents.subarray(2 * at, 2 * at + 2)];
  });
  const floor = mean(
    await nearestFrameDistances(cache, search, await decodeAt(cache, decoder, codes)),
  );
  const factors = await magnificationAt(
    cache,
    decoder,
    straight.flatMap((curve) => pointsAlong(curve, points)),
    watch.signal,
  );
  const highest = straight.map((_, i) =>
    Math.max(...factors.subarray(i * points, (i + 1) * points)),
  );
  const limit = [...highest].sort((a, b) => a - b)[Math.floor(ridge * highest.length)] as number;
  const across = highest.flatMap((factor, i) => (factor >= limit ? [i] : []));
  const ratio = (i: number): number =>
    (found.expected[i] as number) / (found.straight[i] as number);
  const over = (of: readonly number[]): number => mean(across.map((i) => of[i] as number)) - floor;
  const nearer = found.expected.filter((x, i) => x < (found.straight[i] as number)).length;
  const setting = `${pairs.length} random pairs, ${points} poses each, units of training`;
  const number = (
    name: string,
    ours: number,
    ruler: ExperimentNumber["ruler"],
    where = setting,
  ): ExperimentNumber => ({ name, paper: null, ours, ruler, setting: where });
  const radius = median(
    Array.from({ length: latents.length / 2 }, (_, i) =>
      Math.hypot(latents[2 * i] as number, latents[2 * i + 1] as number),
    ),
  );
  const around = pointsOnCircle({ radius: 1.5 });
  const shown = await decodeAt(
    cache,
    decoder,
    around.map(({ point }) => point),
  );
  return {
    numbers: [
      number("distance of poses to the nearest frame, geodesic", mean(found.expected), "expected"),
      number("distance of poses to the nearest frame, geodesic of G", mean(found.plain), "G"),
      number(
        "distance of poses to the nearest frame, straight line",
        mean(found.straight),
        "latent",
      ),
      number(
        "distance of poses to the nearest frame, codes of the data",
        floor,
        null,
        `${sampled} codes`,
      ),
      number("pairs on which the geodesic is the nearer", nearer, "expected"),
      number(
        "geodesic / straight line, that distance, across ridges",
        median(across.map(ratio)),
        "expected",
        `${across.length} pairs whose straight line meets the highest magnification, median`,
      ),
      number(
        "the same, of what goes beyond the distance of codes",
        over(found.expected) / over(found.straight),
        "expected",
        `${across.length} pairs, means`,
      ),
    ],
    key: [
      {
        value: `${nearer} of ${pairs.length}`,
        label: "pairs whose geodesic keeps nearer to recorded poses than the straight line",
      },
    ],
    section: {
      title: "Poses on the way",
      text: html`<p>How far is a decoded pose from the nearest frame of the recordings? Along geodesics of the
        expected metric ${significant(mean(found.expected))} on average, along geodesics of G ${significant(mean(found.plain))}, along
        straight lines ${significant(mean(found.straight))}. On the quarter of the pairs whose straight line meets the highest
        magnification, the geodesic's distance is ${significant(median(across.map(ratio)), 2)} times the straight line's.</p>
        <p>No curve comes nearer than the model does: decoded codes of the data themselves are ${significant(floor)} from the
        nearest frame, because two latent dimensions hold where in the step a person is and little of how each
        step differs. Of what straight lines across ridges add to that, geodesics keep
        ${percent(Math.max(0, over(found.expected) / over(found.straight)))}.</p>`,
      plates: [
        {
          name: "poses-on-a-circle",
          svg: rowFigure(document, {
            drawing: description.drawing,
            observationShape: description.observationShape,
            scaling: description.scaling,
            observations: shown,
            captions: around.map(({ degrees }) => `${degrees}°`),
            title: "Poses on a circle of radius 1.5",
          }),
          caption: html`<b>Poses on a circle in latent space (Fig. 13).</b> Radius 1.5 around the origin, from straight
            up counterclockwise, as in the paper. The codes of this model lie ${significant(radius, 2)} from the origin at
            the median.`,
        },
      ],
    },
  };
}
