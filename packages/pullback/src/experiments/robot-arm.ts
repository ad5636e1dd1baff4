/** @file The robot arm (Section 4.5, Fig. 8 to 10): motions between poses of a demonstrated circle. */
import type { Curve, MapCurve } from "pullback-core";
import {
  armJoints,
  decodeAt,
  endEffectorFigure,
  median,
  pointsAlong,
  poseOnCircle,
  quantile,
  rawUnits,
  straightCurve,
  strayFromCircle,
  toolFromCircle,
} from "pullback-core";
import { html } from "../report/html.ts";
import { significant } from "../report/numbers.ts";
import type { Experiment, ExperimentNumber, PartContext, PartResult } from "./experiment.ts";
import { expectedMetric } from "./parts/expected.ts";
import { lengths } from "./parts/lengths.ts";
import { smoothing } from "./parts/smoothing.ts";
import { solvers } from "./parts/solvers.ts";

/** Points of a path at which the tool is asked where it is. */
const points = 101;
/** A straight line that strays farther than this leaves the circle, in metres. */
const astray = 0.1;

export const robotArm: Experiment = {
  name: "robot-arm",
  title: "The robot arm",
  lead: html`An arm with six joints was shown one circle. A model of its joint angles, with noise, knows
    nothing of the circle or of the arm, and yet a geodesic of its latent space is a motion along the
    circle, while a straight line cuts across. This is Section 4.5 of Chen et al. (2018) again, with its
    Figures 8 to 10.`,
  differences: [
    html`The paper names no arm. This is a KUKA KR 5 arc with closed-form inverse kinematics; the circle has
      the paper's radius of 0.4 m and a place and a grip that move all six joints within their limits.`,
    html`Angles are moved so that all are positive, because the decoder's mean is a softplus.`,
    html`The paper shows one pair. Here it is 100 random pairs, in G and in the expected metric.`,
  ],
  parts: [
    lengths({ ratio: 0.365, where: "0.54 over 1.48 on one pair, Fig. 10" }),
    { name: "the tool's way", figures: ["end-effector"], run: toolWays },
    smoothing({ ratio: 0.365, where: "0.54 over 1.48 on one pair, Fig. 10; ruler not stated" }),
    expectedMetric,
    solvers(100),
  ],
};

interface Ways {
  readonly strays: number[];
  readonly beyondLimits: number;
}

async function toolWays(context: PartContext): Promise<PartResult> {
  const { cache, document, findings, pairs } = context;
  const { subject, result, drawn } = findings;
  const expected = await context.expected();
  const curves = {
    expected: expected.geodesics.map(({ curve }) => curve),
    plain: result.geodesics.map(({ curve }) => curve),
    straight: result.geodesics.map(({ from, to }) => straightCurve(from, to)),
  };
  const poses = async (curve: readonly Curve[]): Promise<Float64Array[]> => {
    const rows = await decodeAt(
      cache,
      subject.decoder,
      curve.flatMap((each) => pointsAlong(each, points)),
    );
    const raw = rawUnits(rows, subject.description.scaling);
    const width = (raw.length / curve.length) as number;
    return curve.map((_, i) => raw.subarray(i * width, (i + 1) * width));
  };
  const all = {
    expected: await poses(curves.expected),
    plain: await poses(curves.plain),
    straight: await poses(curves.straight),
  };
  const ways = (kind: keyof typeof all): Ways => ({
    strays: all[kind].map(strayFromCircle),
    beyondLimits: all[kind].filter((pose) => !withinLimits(pose)).length,
  });
  const found = { expected: ways("expected"), plain: ways("plain"), straight: ways("straight") };
  const far = found.straight.strays.flatMap((stray, i) => (stray > astray ? [i] : []));
  const among = (strays: readonly number[]): number[] => far.map((i) => strays[i] as number);
  const nearer = found.expected.strays.filter(
    (stray, i) => stray < (found.straight.strays[i] as number),
  ).length;
  const setting = `${pairs.length} random pairs, ${points} poses each, metres`;
  const number = (
    name: string,
    values: readonly number[],
    ruler: ExperimentNumber["ruler"],
    where = setting,
  ): ExperimentNumber => ({
    name,
    paper: null,
    ours: median(values),
    quartiles: [quantile(values, 0.25), quantile(values, 0.75)],
    ruler,
    setting: `${where}, median`,
  });
  const farSetting = `${far.length} pairs whose straight line strays by more than 10 cm`;
  const place = (pose: Float64Array): number[][] => {
    const seen = toolFromCircle(pose);
    return Array.from({ length: seen.length / 3 }, (_, i) => [
      seen[3 * i] as number,
      seen[3 * i + 1] as number,
    ]);
  };
  const one: MapCurve[] = [
    {
      kind: "straight",
      label: "straight line",
      points: place(all.straight[drawn] as Float64Array),
    },
    { kind: "geodesic", label: "geodesic", points: place(all.expected[drawn] as Float64Array) },
  ];
  const circle = Float64Array.from(
    Array.from(
      { length: 361 },
      (_, i) => place(poseOnCircle((i * Math.PI) / 180))[0] as number[],
    ).flat(),
  );
  return {
    numbers: [
      number(
        "tool's greatest distance from the circle, geodesic",
        found.expected.strays,
        "expected",
      ),
      number("tool's greatest distance from the circle, geodesic of G", found.plain.strays, "G"),
      number(
        "tool's greatest distance from the circle, straight line",
        found.straight.strays,
        "latent",
      ),
      {
        name: "pairs on which the geodesic is the nearer",
        paper: null,
        ours: nearer,
        ruler: "expected",
        setting,
      },
      ...(far.length > 0
        ? [
            number("the same, geodesic", among(found.expected.strays), "expected", farSetting),
            number("the same, geodesic of G", among(found.plain.strays), "G", farSetting),
            number("the same, straight line", among(found.straight.strays), "latent", farSetting),
          ]
        : []),
      {
        name: "geodesics with a joint beyond its limits",
        paper: null,
        ours: found.expected.beyondLimits,
        ruler: "expected",
        setting,
      },
    ],
    key: [
      {
        value: `${centimetres(median(found.expected.strays))} and ${centimetres(median(found.straight.strays))}`,
        label: "centimetres the tool strays from the circle, geodesic and straight line, medians",
      },
    ],
    section: {
      title: "The way of the tool",
      text: html`<p>Joint angles on the way are decoded and put through the arm's kinematics. The ruler here is
        the expected metric, which keeps motions to what was demonstrated: in G alone the geodesics stray by
        ${centimetres(median(found.plain.strays))} cm at the median. ${
          far.length > 0 &&
          html`Of the ${far.length} pairs whose straight line strays by more than 10 cm, the geodesics stray by
          ${centimetres(median(among(found.expected.strays)))} cm and the straight lines by
          ${centimetres(median(among(found.straight.strays)))} cm.`
        } On ${nearer} of ${pairs.length} pairs the geodesic is the nearer; joint limits are exceeded on
        ${found.expected.beyondLimits}.</p>`,
      plates: [
        {
          name: "end-effector",
          svg: endEffectorFigure(document, { demonstrated: circle, curves: one }),
          caption: html`<b>The tool seen along the axis of the circle (Fig. 9).</b> The pair is the one of the map
            above. The straight line of the latent space strays by ${centimetres(found.straight.strays[drawn] as number)} cm, the
            geodesic by ${centimetres(found.expected.strays[drawn] as number)} cm.`,
        },
      ],
    },
  };
}

/** All joints of all poses [n, 6] where the arm can have them. */
const withinLimits = (poses: Float64Array): boolean =>
  poses.every((angle, i) => {
    const { lower, upper } = armJoints[i % armJoints.length] as (typeof armJoints)[number];
    return angle >= lower && angle <= upper;
  });

const centimetres = (metres: number): string => significant(100 * metres, 2);
