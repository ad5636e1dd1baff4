/** @file Shortest ways, found by going down a field of distances. */
import { bilinear, tensorAt } from "./between.ts";
import type { Front } from "./marching.ts";
import type { MetricLattice } from "./stencils.ts";

/** Length of a step, in steps of the lattice. */
const stride = 0.5;
/** Closer to the source than that the way goes on straight: the field has a point there. */
const arrival = 2;

/**
 * The way from `to` down to the source of a front, along -G^-1 grad u, as lattice coordinates
 * [n, 2] from source to `to`. Null where it does not arrive: beside holes, or where no front came.
 */
export function traceBack(
  lattice: MetricLattice,
  { distances }: Front,
  source: readonly [number, number],
  to: readonly [number, number],
): Float64Array | null {
  const { width, height } = lattice;
  const way: number[] = [...to].reverse();
  let [x, y] = to;
  const most = (8 * (width + height)) / stride;
  for (let step = 0; Math.hypot(x - source[0], y - source[1]) > arrival; step++) {
    const [gx, gy] = gradient(distances, width, height, x, y);
    const [g11, g12, g22] = tensorAt(lattice, x, y);
    // Down the gradient of the metric, whose inverse needs no determinant for its direction.
    const [dx, dy] = [g12 * gy - g22 * gx, g12 * gx - g11 * gy];
    const length = Math.hypot(dx, dy);
    if (!(length > 0) || step > most) return null;
    x = clamp(x + (stride * dx) / length, width);
    y = clamp(y + (stride * dy) / length, height);
    way.push(y, x);
  }
  way.push(source[1], source[0]);
  return Float64Array.from(way.reverse());
}

const clamp = (value: number, size: number): number => Math.min(Math.max(value, 0), size - 1);

/** Of the bilinear field, by central differences over one step. */
function gradient(
  u: Float64Array,
  width: number,
  height: number,
  x: number,
  y: number,
): [number, number] {
  const at = (a: number, b: number): number =>
    bilinear(u, width, clamp(a, width), clamp(b, height));
  return [at(x + 0.5, y) - at(x - 0.5, y), at(x, y + 0.5) - at(x, y - 0.5)];
}
