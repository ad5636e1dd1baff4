/** @file Canvases of the map. */
import type { Size } from "../../view/transform.ts";

/** Makes a canvas as fine as the screen, up to twice the page's pixels; answers how fine. */
export function sharpen(canvas: HTMLCanvasElement, { width, height }: Size): number {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  return ratio;
}
