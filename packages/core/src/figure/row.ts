/**
 * @file Decoded observations at chosen points, side by side (Fig. 13 of the paper: poses on a
 * circle in latent space).
 */
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import type { FigureDocument } from "./document.ts";
import type { Depiction } from "./painter.ts";
import { painter } from "./painter.ts";
import { faint, ink, picture, text, translate } from "./svg.ts";

export interface RowFigure extends Depiction {
  /** What is to be seen, from left to right: [count, D]. */
  readonly observations: FloatArray;
  /** A word or two below each. */
  readonly captions: readonly string[];
  /** For who cannot see the picture. */
  readonly title: string;
  /** At most; 640 by default. */
  readonly width?: number;
}

const margin = 10;
const gap = 6;
/** Width of a picture where there are few. */
const widest = 120;

/** The row as SVG. Throws `InputError` where observations and captions differ in number. */
export function rowFigure(document: FigureDocument, figure: RowFigure): string {
  const { observations, observationShape, captions, title, width: most = 640 } = figure;
  const size = observationShape.reduce((a, b) => a * b, 1);
  const count = observations.length / size;
  if (count < 1 || count !== captions.length)
    throw new InputError(
      `figure row: expected a caption for each observation, got ${captions.length} for ${count}`,
    );
  const cell = Math.min(widest, (most - 2 * margin + gap) / count - gap);
  const width = 2 * margin + count * (cell + gap) - gap;
  const draw = painter(document, figure, cell, [observations]);
  const cells = captions.map((caption, i) =>
    translate(
      margin + i * (cell + gap),
      margin,
      draw.observation(observations.subarray(i * size, (i + 1) * size), ink),
      text(caption, { x: cell / 2, y: draw.height + 18, "text-anchor": "middle", fill: faint }),
    ),
  );
  return picture({ width, height: 2 * margin + draw.height + 18, title }, ...cells);
}
