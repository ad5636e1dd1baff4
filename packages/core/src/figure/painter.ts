/**
 * @file One observation as a small picture: what figures of decoded points are made of.
 *
 * Images and rows of numbers are drawn as the decoder gives them; drawings of things that have
 * units get raw ones (`rawUnits`).
 */
import type { FloatArray } from "../array/tensor.ts";
import { curvePath, curveRange } from "../drawing/curve.ts";
import { imagePixels, imageShape } from "../drawing/image.ts";
import { enlarge } from "../drawing/pixels.ts";
import type { Drawing, Scaling } from "../format/model.ts";
import { armPainter } from "./arm.ts";
import type { FigureDocument } from "./document.ts";
import { dataUri } from "./document.ts";
import { skeletonPainter } from "./stick-figure.ts";
import { element, faint, translate } from "./svg.ts";

/** What a model says of its observations; `ModelDescription` has it all. */
export interface Depiction {
  readonly drawing: Drawing;
  readonly observationShape: readonly number[];
  readonly scaling?: Scaling;
}

export interface Painter {
  /** Of each picture. */
  readonly height: number;
  /** SVG of x: [D], from its top left corner on; `colour` is that of the curve it lies on. */
  observation(x: FloatArray, colour: string): string;
}

/**
 * A painter of pictures `width` wide, all to one scale: `all` are the observations [n, D] that will
 * be drawn.
 */
export function painter(
  document: FigureDocument,
  { drawing, observationShape, scaling }: Depiction,
  width: number,
  all: readonly FloatArray[],
): Painter {
  switch (drawing.kind) {
    case "image":
      return imagePainter(document, observationShape, drawing.channels === 3 ? 3 : 1, width);
    case "curve":
      return curvePainter(width, all);
    case "arm":
      return armPainter(scaling, width, all);
    case "skeleton":
      return skeletonPainter(drawing.bones, { observationShape, scaling }, width, all);
  }
}

function imagePainter(
  document: FigureDocument,
  shape: readonly number[],
  channels: 1 | 3,
  width: number,
): Painter {
  const image = imageShape(shape, channels);
  const box = { width, height: (width * image.height) / image.width };
  const times = Math.max(1, Math.round(112 / image.width));
  return {
    height: box.height,
    observation: (x) =>
      element("image", {
        ...box,
        "xlink:href": dataUri(document, enlarge(imagePixels(x, image), times)),
      }) + element("rect", { ...box, fill: "none", stroke: faint, "stroke-width": 0.5 }),
  };
}

function curvePainter(width: number, all: readonly FloatArray[]): Painter {
  const ranges = all.map(curveRange);
  const range = [
    Math.min(...ranges.map(([low]) => low)),
    Math.max(...ranges.map(([, high]) => high)),
  ] as const;
  const inner = { width: width - 6, height: width - 6, range };
  return {
    height: width,
    observation: (x, stroke) =>
      element("rect", {
        width,
        height: width,
        fill: "none",
        stroke: "#cccccc",
        "stroke-width": 0.5,
      }) +
      translate(
        3,
        3,
        element("path", { d: curvePath(x, inner), fill: "none", stroke, "stroke-width": 1.5 }),
      ),
  };
}
