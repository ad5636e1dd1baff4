/** @file Between the coordinates of a latent plane and pixels: pan, zoom, what is in view. */
import type { Bounds } from "pullback-core";

/** The middle of the picture in the plane, and pixels a unit; one scale for both axes, y up. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Pixel = readonly [number, number];

/** The view that shows all of the bounds. */
export function fitting([x0, x1, y0, y1]: Bounds, { width, height }: Size): View {
  const scale = Math.min(width / (x1 - x0), height / (y1 - y0));
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, scale };
}

export function toPixel(
  { x, y, scale }: View,
  { width, height }: Size,
  u: number,
  w: number,
): Pixel {
  return [width / 2 + (u - x) * scale, height / 2 - (w - y) * scale];
}

export function toPlane(
  { x, y, scale }: View,
  { width, height }: Size,
  px: number,
  py: number,
): Pixel {
  return [x + (px - width / 2) / scale, y - (py - height / 2) / scale];
}

export function boundsOf({ x, y, scale }: View, { width, height }: Size): Bounds {
  const [dx, dy] = [width / 2 / scale, height / 2 / scale];
  return [x - dx, x + dx, y - dy, y + dy];
}

export function panned(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x - dx / view.scale, y: view.y + dy / view.scale };
}

/** Zoomed by a factor about a pixel, which stays where it is. */
export function zoomed(view: View, size: Size, factor: number, [px, py]: Pixel): View {
  const [u, w] = toPlane(view, size, px, py);
  const scale = view.scale * factor;
  return {
    scale,
    x: u - (px - size.width / 2) / scale,
    y: w + (py - size.height / 2) / scale,
  };
}

/** Round numbers for an axis, about `count` of them. */
export function axisTicks(from: number, to: number, count: number): number[] {
  const raw = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) as number) * power;
  const ticks: number[] = [];
  for (let i = Math.ceil(from / step); i * step <= to; i++)
    ticks.push(Number((i * step).toPrecision(6)));
  return ticks;
}
