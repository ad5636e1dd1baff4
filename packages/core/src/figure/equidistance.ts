/**
 * @file Equidistance lines (Fig. 6 of the paper): around each chosen point the places that are
 * equally far away along the surface, over the map and the data.
 *
 * Against the outermost line stands the circle around as many codes: what Euclidean distance in
 * latent space would call as near.
 */
import type { DistanceField } from "../analysis/equidistance.ts";
import { mean, quantile } from "../analysis/statistics.ts";
import { InputError } from "../array/errors.ts";
import { isolines } from "./contour.ts";
import type { FigureDocument } from "./document.ts";
import type { Pixel } from "./label.ts";
import type { MapFigure } from "./map.ts";
import { mapFigure } from "./map.ts";
import type { Panel } from "./map-curves.ts";
import type { MapData } from "./map-data.ts";
import { element, round, text } from "./svg.ts";

export interface EquidistanceFigure
  extends Omit<MapFigure, "overlay" | "marks" | "notes" | "curves" | "title" | "description"> {
  /** One field for each point; points take turns with three colours. */
  readonly fields: readonly DistanceField[];
  /** Distances at which lines are drawn, rising; about five round ones by default. */
  readonly levels?: readonly number[];
}

/** Of Okabe and Ito's scheme, dark enough for lines. */
const colours = ["#d55e00", "#0072b2", "#00845f"] as const;
/** What a label needs to itself, across and up, in pixels. */
const labelRoom = [20, 12] as const;
/** Share of the codes that the outermost line encloses, about, where levels are chosen here. */
const enclosed = 0.12;

/** The map with its lines as SVG. Throws `InputError` for no field and for levels that do not rise. */
export function equidistanceFigure(document: FigureDocument, figure: EquidistanceFigure): string {
  const { fields, levels: given, ...rest } = figure;
  if (fields.length === 0)
    throw new InputError("figure equidistance: expected the distance field of a point, got none");
  const levels = given ?? roundLevels(fields, rest.data);
  const outermost = levels.at(-1);
  if (outermost === undefined || levels.some((level, i) => !(level > (levels[i - 1] ?? 0))))
    throw new InputError(`figure equidistance: expected rising levels above 0, got [${levels}]`);
  const around = fields.map((field, i) => ({
    field,
    colour: colours[i % colours.length] as string,
    ...surroundings(field, outermost, rest.data),
  }));
  return mapFigure(document, {
    ...rest,
    title: "Equidistance lines in latent space",
    description: `Lines of equal geodesic distance at ${levels.join(", ")} around ${fields.length === 1 ? "a point" : `${fields.length} points`}, over magnification factor and data.`,
    overlay: (panel) =>
      [
        ...around.map(({ field, colour }) => lines(field, levels, colour, panel)),
        ...around.map(({ field, colour, radius }) => circle(field, radius, colour, panel)),
      ].join(""),
    marks: (panel) =>
      [
        ...around.map(({ field, colour, name }) => mark(field, colour, name, panel)),
        ...around.map(({ field, colour }) => labels(field, levels, colour, panel)),
      ].join(""),
    notes: [
      "lines: equal geodesic distance from the marked point, in units of data space",
      `dashed: the circle around as ${rest.data ? "many codes" : "great an area"} as the outermost line`,
      ...shares(around),
    ],
  });
}

/** Multiples of a round step up to where about `enclosed` of the codes are: four to ten. */
function roundLevels(fields: readonly DistanceField[], data: MapData | undefined): number[] {
  const reach = mean(
    fields.map((field) => {
      const distances = data ? codesOf(data).map(field.at) : Array.from(field.distance);
      return quantile(distances.filter(Number.isFinite), enclosed);
    }),
  );
  const power = 10 ** Math.floor(Math.log10(reach / 4));
  const digit = [5, 2, 1].find((each) => each * power <= reach / 4) as number;
  const count = Math.floor(reach / (digit * power));
  return Array.from({ length: count }, (_, i) => Number(((i + 1) * digit * power).toPrecision(6)));
}

const codesOf = ({ points }: MapData): [number, number][] =>
  Array.from({ length: points.length / 2 }, (_, i) => [
    points[2 * i] as number,
    points[2 * i + 1] as number,
  ]);

interface Surroundings {
  /** Of the circle that holds as many codes (without data: as much area) as the outermost line. */
  readonly radius: number;
  /** Class of the code at the point, and the share of it among the codes inside, by line and circle. */
  readonly name?: string;
  readonly share?: { readonly line: number; readonly circle: number };
}

function surroundings(field: DistanceField, level: number, data?: MapData): Surroundings {
  const [x, y] = field.source as [number, number];
  const [x0, x1, y0, y1] = field.bounds;
  const inside = field.distance.filter((distance) => distance <= level).length;
  const area = (inside * (x1 - x0) * (y1 - y0)) / (field.grid - 1) ** 2;
  if (!data) return { radius: Math.sqrt(area / Math.PI) };
  const codes = codesOf(data);
  const off = codes.map(([a, b]) => Math.hypot(a - x, b - y));
  const nearest = codes.map((_, i) => i).sort((i, j) => (off[i] as number) - (off[j] as number));
  const near = nearest.filter((i) => field.at(codes[i] as [number, number]) <= level);
  if (near.length === 0) return { radius: 0 };
  const radius = off[nearest[near.length - 1] as number] as number;
  const { labels, labelNames } = data;
  if (!labels) return { radius };
  const own = labels[nearest[0] as number] as number;
  const share = (members: readonly number[]): number =>
    mean(members.map((i) => (labels[i] === own ? 1 : 0)));
  return {
    radius,
    name: labelNames?.[own] ?? String(own),
    share: { line: share(near), circle: share(nearest.slice(0, near.length)) },
  };
}

/** One sentence on classes, where there are any. */
function shares(around: readonly Surroundings[]): string[] {
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const found = around.flatMap(({ name, share }) =>
    share ? [`${name}: ${percent(share.line)} (circle ${percent(share.circle)})`] : [],
  );
  return found.length > 0 ? [`codes inside of the point's own class: ${found.join(", ")}`] : [];
}

/** Every line of a field, under it a white one that lifts it off the data. */
function lines(
  { bounds: [x0, x1, y0, y1], grid, distance }: DistanceField,
  levels: readonly number[],
  colour: string,
  { pixel }: Panel,
): string {
  const d = levels
    .flatMap((level) => isolines(distance, grid, grid, level))
    .map((line) =>
      path(
        line.map(([column, row]) =>
          pixel(x0 + ((x1 - x0) * column) / (grid - 1), y0 + ((y1 - y0) * row) / (grid - 1)),
        ),
      ),
    )
    .join("");
  const shape = { d, fill: "none", "stroke-linejoin": "round" };
  return (
    element("path", { ...shape, stroke: "#ffffff", "stroke-width": 2.8, "stroke-opacity": 0.6 }) +
    element("path", { ...shape, stroke: colour, "stroke-width": 1.3 })
  );
}

/** Points closer together than a pixel are left out, but never the ends. */
function path(points: readonly Pixel[]): string {
  let [lastX, lastY] = [Infinity, Infinity];
  const kept = points.filter(([x, y], i) => {
    if (i < points.length - 1 && Math.hypot(x - lastX, y - lastY) < 1) return false;
    [lastX, lastY] = [x, y];
    return true;
  });
  return `M${kept.map(([x, y]) => `${round(Math.round(10 * x) / 10)},${round(Math.round(10 * y) / 10)}`).join("L")}`;
}

/** Within the frame: a circle may be wider than the map. */
function circle({ source }: DistanceField, radius: number, colour: string, panel: Panel): string {
  const [x, y] = source as [number, number];
  const around = Array.from({ length: 181 }, (_, i): Pixel => {
    const angle = (i * Math.PI) / 90;
    return panel.pixel(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  });
  const { x0, y0, x1, y1 } = panel.frame;
  const inside = ([px, py]: Pixel): boolean => px >= x0 && px <= x1 && py >= y0 && py <= y1;
  const d = runs(around, inside).map(path).join("");
  const shape = { d, fill: "none", stroke: colour, "stroke-width": 1.6 };
  return element("path", { ...shape, "stroke-dasharray": "5,4" });
}

/** Stretches of neighbours that all pass. */
function runs(points: readonly Pixel[], passes: (point: Pixel) => boolean): Pixel[][] {
  const found: Pixel[][] = [];
  let current: Pixel[] | undefined;
  for (const point of points) {
    if (!passes(point)) current = undefined;
    else if (current) current.push(point);
    else {
      current = [point];
      found.push(current);
    }
  }
  return found;
}

/** A dot, or a disc with the name of its class where that is short. */
function mark(
  { source }: DistanceField,
  fill: string,
  name: string | undefined,
  { pixel }: Panel,
): string {
  const [cx, cy] = pixel(...(source as [number, number]));
  const short = name !== undefined && name.length <= 2;
  const disc = { cx, cy, r: short ? 8.5 : 5, fill, stroke: "#ffffff", "stroke-width": 1.8 };
  if (!short) return element("circle", disc);
  const attributes = { x: cx, y: cy + 4, "text-anchor": "middle", "font-weight": "bold" };
  return (
    element("circle", disc) + text(name, { ...attributes, "font-size": 11.5, fill: "#ffffff" })
  );
}

/**
 * The level beside each line, along the ray from the point on which lines are farthest apart, so
 * that labels have room and stand in one row.
 */
function labels(
  field: DistanceField,
  levels: readonly number[],
  colour: string,
  panel: Panel,
): string {
  const [x, y] = field.source as [number, number];
  const from = panel.pixel(x, y);
  const rays = Array.from({ length: 72 }, (_, i) => {
    const angle = (i * Math.PI) / 36;
    return crossings(field, levels, angle).map(([a, b]) => panel.pixel(a, b));
  });
  const gap = (ray: readonly Pixel[]): number =>
    Math.min(
      ...ray.map(([a, b], i) => {
        const [c, d] = i > 0 ? (ray[i - 1] as Pixel) : from;
        return Math.max(Math.abs(a - c) / labelRoom[0], Math.abs(b - d) / labelRoom[1]);
      }),
    );
  const best = rays.reduce((a, b) =>
    b.length > a.length || (b.length === a.length && gap(b) > gap(a)) ? b : a,
  );
  let [lastX, lastY]: Pixel = [Infinity, Infinity];
  // From the outermost inwards: that one should have its label where room is short.
  return [...best.entries()]
    .reverse()
    .map(([i, [a, b]]) => {
      if (Math.abs(a - lastX) < labelRoom[0] && Math.abs(b - lastY) < labelRoom[1]) return "";
      [lastX, lastY] = [a, b];
      return text(String(levels[i]), {
        x: a,
        y: b + 3.5,
        "text-anchor": "middle",
        "font-size": 10.5,
        "font-weight": "bold",
        fill: colour,
        stroke: "#ffffff",
        "stroke-width": 3,
        "stroke-linejoin": "round",
        "paint-order": "stroke",
      });
    })
    .join("");
}

/** Where a ray from the source first meets each level, as long as it stays within the bounds. */
function crossings(
  { source, bounds, grid, at }: DistanceField,
  levels: readonly number[],
  angle: number,
): [number, number][] {
  const [x, y] = source as [number, number];
  const [x0, x1, y0, y1] = bounds;
  const [dx, dy] = [
    (Math.cos(angle) * (x1 - x0)) / (grid - 1),
    (Math.sin(angle) * (y1 - y0)) / (grid - 1),
  ];
  const found: [number, number][] = [];
  for (let step = 1; found.length < levels.length; step++) {
    const point: [number, number] = [x + step * dx, y + step * dy];
    const distance = at(point);
    if (distance === Infinity) break;
    while (found.length < levels.length && distance >= (levels[found.length] as number))
      found.push(point);
  }
  return found;
}
