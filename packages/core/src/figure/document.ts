/**
 * @file What a figure needs of the document it is drawn in.
 *
 * A browser's own document fits; on a server any light DOM does, with a canvas that can encode PNG.
 */
import type { Pixels } from "../drawing/pixels.ts";

export interface FigureDocument {
  readonly documentElement: unknown;
  createElement(name: "canvas"): FigureCanvas;
}

export interface FigureCanvas {
  width: number;
  height: number;
  getContext(kind: "2d"): FigureContext | null;
  toDataURL(): string;
}

export interface FigureContext {
  createImageData(width: number, height: number): { readonly data: Uint8ClampedArray };
  putImageData(image: { readonly data: Uint8ClampedArray }, x: number, y: number): void;
}

/** Pixels as a data URI, encoded by the document's canvas. */
export function dataUri(document: FigureDocument, { width, height, rgba }: Pixels): string {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("figure: the document's canvas has no 2d context");
  const image = context.createImageData(width, height);
  image.data.set(rgba);
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}
