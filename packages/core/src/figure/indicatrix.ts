/**
 * @file Tissot's indicatrices over the map: ellipses of equal length in data space.
 *
 * One scale for all, stated below, so that sizes compare. Where an ellipse would cover its
 * neighbours it is drawn smaller, as an outline, with its own shape and direction.
 */
import { InputError } from "../array/errors.ts";
import type { Indicatrix } from "../metric/indicatrix.ts";
import { curveColours } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import type { MapFigure } from "./map.ts";
import { mapFigure } from "./map.ts";
import type { Panel } from "./map-curves.ts";
import { element, round } from "./svg.ts";

export interface IndicatrixFigure extends Omit<MapFigure, "overlay" | "notes"> {
  /** Ellipses at points of the plane, best at `cellCentres`. */
  readonly indicatrices: readonly Indicatrix[];
}

/** Share of its cell that an ellipse may fill, from the middle. */
const reach = 0.46;

/** The map with indicatrices as SVG. Throws `InputError` for none, and for other than two axes. */
export function indicatrixFigure(document: FigureDocument, figure: IndicatrixFigure): string {
  const { indicatrices, ...rest } = figure;
  const odd = indicatrices.find(({ lengths }) => lengths.length !== 2);
  if (indicatrices.length === 0 || odd)
    throw new InputError(
      `figure indicatrix: expected ellipses in a plane, got ${odd ? `${odd.lengths.length} axes` : "none"}`,
    );
  const [x0, x1, y0, y1] = rest.map.bounds;
  const cell = Math.sqrt(((x1 - x0) * (y1 - y0)) / indicatrices.length);
  const step = stepFor(indicatrices, reach * cell);
  const shrunk = indicatrices.some(({ lengths }) => step * (lengths[0] as number) > reach * cell);
  return mapFigure(document, {
    ...rest,
    overlay: (panel) => indicatrices.map((each) => drawn(each, step, reach * cell, panel)).join(""),
    notes: [
      `ellipses: steps of length ${step} in data space${shrunk ? "; open ones are larger than drawn" : ""}`,
    ],
  });
}

/** A round length, at which half of the ellipses fit their cells. */
function stepFor(indicatrices: readonly Indicatrix[], room: number): number {
  const lengths = indicatrices
    .map(({ lengths: [longest] }) => longest as number)
    .filter((length) => Number.isFinite(length) && length > 0)
    .sort((a, b) => a - b);
  const typical = lengths[lengths.length >> 1];
  if (typical === undefined) return 1;
  const wanted = room / typical;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const digit = [5, 3, 2, 1].find((each) => each * power <= wanted) ?? 1;
  return Number((digit * power).toPrecision(1));
}

function drawn(
  { centre, lengths, directions }: Indicatrix,
  step: number,
  room: number,
  { pixel }: Panel,
): string {
  const [long, short] = lengths as [number, number];
  const [x, y] = centre as [number, number];
  if (Number.isNaN(long) || Number.isNaN(short)) return "";
  const fits = step * long <= room;
  // A direction that is free makes the ellipse a line.
  const ratio = Number.isFinite(long) ? short / long : 0;
  const half = fits ? step * long : room;
  const [cx, cy] = pixel(x, y);
  const [dx, dy] = directions[0] as [number, number];
  const [ex, ey] = pixel(x + half * dx, y + half * dy);
  const width = Math.hypot(ex - cx, ey - cy);
  const angle = (Math.atan2(ey - cy, ex - cx) * 180) / Math.PI;
  return element("ellipse", {
    rx: width,
    ry: Math.max(0.4, width * ratio),
    transform: `translate(${round(cx)},${round(cy)}) rotate(${round(angle)})`,
    fill: fits ? curveColours.geodesic : "none",
    "fill-opacity": fits ? 0.5 : undefined,
    stroke: curveColours.geodesic,
    "stroke-width": fits ? 1.2 : 0.8,
  });
}
