/**
 * @file Many points as pixels, without a drawing call a point: small discs are blended into an
 * image, a hundred thousand of them within a frame even without a GPU.
 */
import type { Size, View } from "./transform.ts";

export interface PointCloud {
  /** [n, 2], in the plane's coordinates. */
  readonly points: Float64Array;
  /** Red, green, blue of each point, [n, 3]. */
  readonly colours: Uint8Array;
  /** Order of drawing, and which points are drawn at all. */
  readonly order: Uint32Array;
}

/** A disc's coverage, 0 to 1, [side, side]. */
function disc(radius: number): { readonly side: number; readonly cover: Float32Array } {
  const reach = Math.ceil(radius);
  const side = 2 * reach + 1;
  const cover = new Float32Array(side * side);
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++)
      cover[(y + reach) * side + x + reach] = Math.min(
        1,
        Math.max(0, radius + 0.5 - Math.hypot(x, y)),
      );
  return { side, cover };
}

/** Blends the points into an empty image, [height, width, 4], straight alpha. */
export function splat(
  image: Uint8ClampedArray,
  { width, height }: Size,
  { points, colours, order }: PointCloud,
  view: View,
  radius: number,
  opacity: number,
): void {
  const { side, cover } = disc(radius);
  const reach = (side - 1) / 2;
  for (let i = 0; i < order.length; i++) {
    const point = order[i] as number;
    const px = Math.round(width / 2 + ((points[2 * point] as number) - view.x) * view.scale);
    const py = Math.round(height / 2 - ((points[2 * point + 1] as number) - view.y) * view.scale);
    if (!(px >= reach && py >= reach && px < width - reach && py < height - reach)) continue;
    const red = colours[3 * point] as number;
    const green = colours[3 * point + 1] as number;
    const blue = colours[3 * point + 2] as number;
    for (let y = 0; y < side; y++) {
      let at = ((py + y - reach) * width + px - reach) * 4;
      for (let x = 0; x < side; x++, at += 4) {
        const alpha = (cover[y * side + x] as number) * opacity;
        if (alpha === 0) continue;
        const under = ((image[at + 3] as number) / 255) * (1 - alpha);
        const over = alpha + under;
        image[at] = (red * alpha + (image[at] as number) * under) / over;
        image[at + 1] = (green * alpha + (image[at + 1] as number) * under) / over;
        image[at + 2] = (blue * alpha + (image[at + 2] as number) * under) / over;
        image[at + 3] = 255 * over;
      }
    }
  }
}

/** The point nearest to a place in the plane within `reach`, or -1. */
export function nearestPoint(
  { points, order }: PointCloud,
  [u, w]: readonly [number, number],
  reach: number,
): number {
  let [nearest, best] = [-1, reach * reach];
  for (let i = 0; i < order.length; i++) {
    const point = order[i] as number;
    const dx = (points[2 * point] as number) - u;
    const dy = (points[2 * point + 1] as number) - w;
    const square = dx * dx + dy * dy;
    if (square <= best) [nearest, best] = [point, square];
  }
  return nearest;
}

/** The points inside a closed polygon of the plane (even-odd), in the order of drawing. */
export function pointsInside(
  { points, order }: Pick<PointCloud, "points" | "order">,
  polygon: readonly (readonly [number, number])[],
): Uint32Array {
  return order.filter((point) => {
    const [x, y] = [points[2 * point] as number, points[2 * point + 1] as number];
    let inside = false;
    for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
      const [xi, yi] = polygon[i] as readonly [number, number];
      const [xj, yj] = polygon[j] as readonly [number, number];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  });
}
