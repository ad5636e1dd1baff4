/**
 * @file The latent space seen from above (Fig. 2 and 7 of the paper): magnification factor in
 * grey, the data in colour, a geodesic and its straight line over both.
 *
 * The grey is logarithmic, dark where the decoder stretches, and leaves out the lowest hundredth
 * of the grid: a saturated decoder has corners of almost nothing.
 */
import { axisX, axisY, frame } from "@observablehq/plot";
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import type { MagnificationMap } from "../metric/magnification.ts";
import { grey } from "./colour.ts";
import type { FigureDocument } from "./document.ts";
import { dataUri } from "./document.ts";
import { colourBar, logTicks, tickLabel } from "./legend.ts";
import type { MapCurve, Panel } from "./map-curves.ts";
import { curveLabels, curveMarks } from "./map-curves.ts";
import type { MapData } from "./map-data.ts";
import { classLabels, classNames, dataLegend, pointMarks, thin } from "./map-data.ts";
import { chart, element, faint, ink, picture, text, translate } from "./svg.ts";

export interface MapFigure {
  readonly map: Pick<MagnificationMap, "bounds" | "grid" | "logMagnification">;
  readonly data?: MapData;
  readonly curves?: readonly MapCurve[];
  /** Names of the plane's axes. */
  readonly axes?: readonly [string, string];
  /** Width of the whole picture; 520 by default. */
  readonly width?: number;
  /** Name of what the grey shows. */
  readonly label?: string;
  /** What the picture is, for who cannot see it. */
  readonly title?: string;
  readonly description?: string;
  /** More SVG over the map, given where points of the plane are drawn; names stay above it. */
  readonly overlay?: (panel: Panel) => string;
  /** The same, above the names of the classes. */
  readonly marks?: (panel: Panel) => string;
  /** Lines below the legend. */
  readonly notes?: readonly string[];
}

const margin = { top: 8, right: 10, bottom: 38, left: 46 };

/** The map as SVG. Throws `InputError` where map and grid disagree. */
export function mapFigure(document: FigureDocument, figure: MapFigure): string {
  const { map, data, curves = [], axes = ["z₁", "z₂"], width = 520, notes = [] } = figure;
  const [x0, x1, y0, y1] = map.bounds;
  if (map.logMagnification.length !== map.grid ** 2)
    throw new InputError(
      `figure map: expected ${map.grid} x ${map.grid} values, got ${map.logMagnification.length}`,
    );
  const panel = { width: width - margin.left - margin.right, height: 0 };
  panel.height = Math.round((panel.width * (y1 - y0)) / (x1 - x0));
  const range = greyRange(map.logMagnification);
  const shown = data ? thin(data, map.bounds) : undefined;
  const names = shown ? classNames(shown) : [];

  const ground = element("image", {
    x: margin.left,
    y: margin.top,
    width: panel.width,
    height: panel.height,
    preserveAspectRatio: "none",
    "xlink:href": groundUri(document, map, range),
  });
  const plane = chart(document, {
    width,
    height: panel.height + margin.top + margin.bottom,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: { domain: [x0, x1] },
    y: { domain: [y0, y1] },
    style: {},
    marks: [
      axisX({
        label: null,
        ticks: 7,
        tickSize: 4,
        fontSize: 11,
        color: faint,
        textStroke: null,
        fill: ink,
      }),
      axisY({ label: null, ticks: 7, tickSize: 4, fontSize: 11, color: faint, fill: ink }),
      ...(shown ? pointMarks(shown) : []),
      ...curveMarks(curves),
      frame({ stroke: faint, strokeWidth: 0.75 }),
    ],
  });
  const axisNames = [
    text(axes[0], {
      x: margin.left + panel.width / 2,
      y: margin.top + panel.height + 33,
      "text-anchor": "middle",
    }),
    text(axes[1], {
      transform: `translate(12,${margin.top + Math.round(panel.height / 2)}) rotate(-90)`,
      "text-anchor": "middle",
    }),
  ];
  const top = panel.height + margin.top + margin.bottom + 16;
  const legend = dataLegend(shown, panel.width);
  const bottom = top + Math.max(52, legend.height);
  const placed = panelOf(map.bounds, panel);
  return picture(
    {
      width,
      height: bottom + (notes.length ? 6 + 16 * notes.length : 0),
      title: figure.title ?? "Latent space with its magnification factor",
      description:
        figure.description ??
        "Background: magnification factor, darker where the decoder stretches more. Points: data.",
    },
    ground,
    plane,
    figure.overlay?.(placed) ?? "",
    ...classLabels(names, placed),
    figure.marks?.(placed) ?? "",
    ...curveLabels(curves, names, placed),
    ...axisNames,
    ...notes.map((note, line) =>
      text(note, { x: margin.left, y: bottom + 8 + 16 * line, fill: faint }),
    ),
    translate(
      margin.left,
      top,
      colourBar({
        id: "grey",
        label: figure.label ?? "magnification factor √det G",
        scale: grey,
        width: Math.min(200, panel.width * 0.46),
        ticks: logTicks(Math.exp(range[0]), Math.exp(range[1])).map((tick) => ({
          at: (Math.log(tick) - range[0]) / (range[1] - range[0]),
          label: tickLabel(tick),
        })),
      }),
    ),
    translate(margin.left + panel.width * 0.54, top, legend.svg),
  );
}

function panelOf(
  [x0, x1, y0, y1]: MagnificationMap["bounds"],
  { width, height }: { readonly width: number; readonly height: number },
): Panel {
  const { left, top } = margin;
  return {
    pixel: (x, y) => [left + (width * (x - x0)) / (x1 - x0), top + (height * (y1 - y)) / (y1 - y0)],
    frame: { x0: left, y0: top, x1: left + width, y1: top + height },
  };
}

/** From the first hundredth to the greatest of the finite logarithms. */
export function greyRange(logMagnification: FloatArray): [number, number] {
  const sorted = logMagnification.filter(Number.isFinite).sort();
  if (!sorted.length) return [-1, 1];
  const low = sorted[Math.floor(sorted.length / 100)] as number;
  const high = sorted[sorted.length - 1] as number;
  return high - low > 1e-3 ? [low, high] : [low - 0.5, high + 0.5];
}

/** Grid points are drawn as pixels; the first row is the lowest. */
function groundUri(
  document: FigureDocument,
  { grid, logMagnification }: MapFigure["map"],
  [low, high]: readonly [number, number],
): string {
  const shades = Array.from({ length: 256 }, (_, i) =>
    Number.parseInt(grey(i / 255).slice(1, 3), 16),
  );
  const rgba = new Uint8ClampedArray(grid * grid * 4).fill(255);
  for (let row = 0; row < grid; row++)
    for (let column = 0; column < grid; column++) {
      const value = logMagnification[(grid - 1 - row) * grid + column] as number;
      const at = Math.min(1, Math.max(0, (value - low) / (high - low))) || 0;
      const shade = shades[Math.round(255 * at)] as number;
      rgba.fill(shade, (row * grid + column) * 4, (row * grid + column) * 4 + 3);
    }
  return dataUri(document, { width: grid, height: grid, rgba });
}
