/** @file The box that starts over a lattice look into, and what they keep of it from one call to the next. */
import type { Bounds } from "../metric/magnification.ts";
import type { Metric } from "../metric/metric.ts";
import { boundingBox } from "./paths.ts";
import type { Pairs } from "./start.ts";

/** Around all pairs and latents of two dimensions, and a tenth more to each side. */
export function boxAround({ points }: Pairs, latents: Float64Array): Bounds {
  const all = new Float64Array(points.length + latents.length);
  all.set(points);
  all.set(latents, points.length);
  const [x, y] = boundingBox(all, 2, 0.1) as [[number, number], [number, number]];
  return [...x, ...y];
}

/** What was found last, found anew only where the metric or the box is another. */
export function lastFound<T>() {
  let last: { readonly metric: Metric; readonly box: string; readonly found: T } | null = null;
  return async (metric: Metric, bounds: Bounds, find: () => Promise<T>): Promise<T> => {
    const box = bounds.join();
    if (last?.metric !== metric || last.box !== box) last = { metric, box, found: await find() };
    return last.found;
  };
}
