/** @file Findings as figures, each with a caption that says in plain words what one sees. */
import type { FigureDocument, GeodesicResult, MapCurve } from "pullback-core";
import {
  leastSquares,
  lengthScatterFigure,
  lengthValueFigure,
  mapFigure,
  mean,
  pointLimit,
  project,
  stripFigure,
  summarise,
  trainingFigure,
} from "pullback-core";
import type { Findings } from "./findings.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { significant, whole } from "./numbers.ts";
import type { Plate } from "./page.ts";

/** Map and strip of the drawn pair. */
export function pathPlates(document: FigureDocument, findings: Findings): Plate[] {
  return [mapPlate(document, findings), stripPlate(document, findings)];
}

export interface CurvesPlate {
  readonly name: string;
  /** Lengths of geodesic and straight line as they are written beside them. */
  readonly lengths: (geodesic: GeodesicResult) => readonly [number, number];
  readonly caption: (geodesic: GeodesicResult) => Html;
}

/** Any geodesic with its straight line over the latent map. */
export function curvesPlate(
  document: FigureDocument,
  { map, data, axes, plane }: Findings,
  geodesic: GeodesicResult,
  { name, lengths, caption }: CurvesPlate,
): Plate {
  const curves = bothCurves(plane, geodesic, lengths(geodesic));
  return {
    name,
    svg: mapFigure(document, { map, data, curves, axes }),
    caption: caption(geodesic),
  };
}

/** The straight line first, the geodesic over it. */
function bothCurves(
  plane: Findings["plane"],
  { curve, from, to }: GeodesicResult,
  [length, straightLength]: readonly [number, number],
): MapCurve[] {
  const inPlane = (points: readonly (readonly number[])[]): number[][] => {
    const flat = project(plane, points.flat());
    return points.map((_, i) => [flat[2 * i] as number, flat[2 * i + 1] as number]);
  };
  return [
    {
      kind: "straight",
      label: `straight ${significant(straightLength)}`,
      points: inPlane([from, midpoint(from, to), to]),
    },
    { kind: "geodesic", label: `geodesic ${significant(length)}`, points: inPlane(curve) },
  ];
}

function mapPlate(document: FigureDocument, findings: Findings): Plate {
  const { plane, map, data, axes, geodesic, straight, result, drawn } = findings;
  const shown = result.geodesics[drawn] as GeodesicResult;
  const curves = bothCurves(plane, shown, [geodesic.length, straight.length]);
  const n = data.points.length / 2;
  const colour = data.labels
    ? "by class, with the name of each class at its median"
    : data.value
      ? `by ${data.value.name}`
      : "";
  return {
    name: "map",
    svg: mapFigure(document, { map, data, curves, axes }),
    caption: html`<b>The latent space.</b> The darker the ground, the more the decoder stretches it: a
      small step there changes the observation much. Dots are the codes of the data${colour && `, coloured ${colour}`}${
        n > pointLimit && ` (${whole(pointLimit)} of ${whole(n)} drawn)`
      }. The geodesic is the shortest way found between two of them as measured in data space, ${significant(geodesic.length)}
      long; the straight line between the same two is ${significant(straight.length)} long.`,
  };
}

const midpoint = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((value, i) => (value + (b[i] as number)) / 2);

function stripPlate(document: FigureDocument, { subject, geodesic, straight }: Findings): Plate {
  const { drawing, observationShape, scaling } = subject.description;
  const peak = (track: typeof geodesic): number =>
    Math.max(...Array.from(track.velocity)) / track.length;
  return {
    name: "strip",
    svg: stripFigure(document, { drawing, observationShape, scaling, geodesic, straight }),
    caption: html`<b>What the decoder shows on the way.</b> Above along the geodesic, below along the
      straight line, both at equal steps of t. The curves are the velocity, how fast the observation
      changes: its peak is ${significant(peak(geodesic), 2)} times its mean on the geodesic and
      ${significant(peak(straight), 2)} times on the straight line. Their areas are the two lengths.`,
  };
}

/** Lengths of all pairs: over the known value where there is one, and against each other. */
export function lengthPlates(document: FigureDocument, findings: Findings): Plate[] {
  const { result, differences, dataLengths, subject } = findings;
  const { value } = subject.description;
  const { ratio, pairs, longerThanStraight } = summarise(result.geodesics);
  const scatter: Plate = {
    name: "lengths",
    svg: lengthScatterFigure(document, {
      pairs: result.geodesics.map(({ length, straightLength, status }) => ({
        length,
        straightLength,
        converged: status === "converged",
      })),
    }),
    caption: html`<b>${pairs} pairs of codes drawn at random.</b> Each dot is a pair: its straight line
      across, its geodesic up. ${
        longerThanStraight
          ? `${longerThanStraight} of the geodesics are longer than the straight line: local minima.`
          : "No geodesic is longer than its straight line."
      } The mean geodesic is ${significant(ratio, 2)} times as long as the mean straight line.`,
  };
  if (!differences || !value || pairs < 2) return [scatter];
  const lengths = result.geodesics.map(({ length }) => length);
  const straightLengths = result.geodesics.map(({ straightLength }) => straightLength);
  const r = (y: number[]): string => leastSquares(differences, y).correlation.toFixed(2);
  return [
    {
      name: "length-value",
      svg: lengthValueFigure(document, {
        value,
        pairs: result.geodesics.map(({ length, straightLength }, i) => ({
          length,
          straightLength,
          difference: differences[i] as number,
          dataLength: dataLengths?.[i],
        })),
      }),
      caption: html`<b>Length and ${value.name}.</b> For the same ${pairs} pairs, the length over the
        difference in ${value.name} that the model was never told. Geodesic lengths follow it with a
        correlation r of ${r(lengths)}, straight lines with ${r(straightLengths)}.${
          dataLengths && alongData(mean(dataLengths), mean(lengths))
        }`,
    },
    scatter,
  ];
}

export function trainingPlates(document: FigureDocument, { subject }: Findings): Plate[] {
  const { training } = subject;
  if (!training || training.steps.length < 2) return [];
  return [
    {
      name: "training",
      svg: trainingFigure(document, training),
      caption: html`<b>Training.</b> The bound that training raises (Eq. 3), in nats per observation:
        single records pale, their running mean dark.`,
    },
  ];
}

/** The path along the data may be longer than the geodesic: then the geodesic left the data. */
function alongData(data: number, geodesic: number): Html {
  const course = html` The path along the data goes through the mean code of every 72nd part of the
    circle between the two`;
  return data > 1.05 * geodesic
    ? html`${course}. It is ${significant(data / geodesic, 2)} times as long on average: in the
        unsmoothed metric it is shorter to leave the data and let one observation fade into the other than
        to go through everything between. The paper meets the same on its pendulum and smooths its metric
        for it (Eq. 17, Fig. 3).`
    : html`${course}; the geodesics are about as long (its mean is ${significant(data)}).`;
}
