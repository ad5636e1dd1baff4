/** @file `pullback map`: the magnification factor over a plane of the latent space. */
import type { Bounds, Decoder, MagnificationMap, Plane } from "pullback-core";
import {
  axisPlane,
  boundsAround,
  coordinatePlane,
  InputError,
  magnificationMap,
  mapFigure,
  mapLineFigure,
  principalPlane,
  project,
  writeNpy,
} from "pullback-core";
import * as v from "valibot";
import { nativeEngine } from "../engine/onnxruntime.ts";
import { claimFile } from "../files/write.ts";
import { serverDocument } from "../report/document.ts";
import type { Subject } from "../report/findings.ts";
import { significant } from "../report/numbers.ts";
import { rasterise } from "../report/rasterise.ts";
import { openSubject } from "../report/subject.ts";
import { command } from "./command.ts";
import { argument, flag, numbers, option, parsed, path, wholeNumber } from "./options.ts";

/** `pca`, or two axes counted from 0. */
const planeChoice = parsed(
  "two axes such as 0,1 or pca",
  (text): "pca" | [number, number] | undefined => {
    if (text === "pca") return "pca";
    const [, i, j] = /^(\d+),(\d+)$/.exec(text) ?? [];
    return i && j ? [Number(i), Number(j)] : undefined;
  },
);

const outPath = parsed("a file ending in .svg, .png or .npy", (text) =>
  /\.(svg|png|npy)$/i.test(text) ? text : undefined,
);

export const map = command({
  name: "map",
  summary: "draw the magnification factor over a plane of the latent space",
  arguments: { model: argument("model folder or decoder .onnx", path) },
  options: {
    out: option("FILE", "picture (.svg, .png) or float32 [N, N] from y0 upwards (.npy)", outPath),
    grid: option("N", "points along each side", v.optional(wholeNumber(2), "200")),
    bounds: option(
      "X0,X1,Y0,Y1",
      "part of the plane (default: around the data)",
      v.optional(numbers(4)),
    ),
    plane: option(
      "I,J|pca",
      "for more than two dimensions: two axes counted from 0, or the principal ones (default)",
      v.optional(planeChoice),
    ),
    full: flag("factor of all of G instead of G in the plane; its logarithm in .npy"),
  },
  async run({ arguments: { model }, options, signal, progress }) {
    const target = await claimFile(options.out, options);
    const subject = await openSubject(model, options.set);
    const { decoder, latents } = subject;
    const plane = planeOf(decoder, latents, options.plane);
    const points = project(plane, latents);
    const bounds = boundsOf(points, plane, options.bounds);
    const engine = nativeEngine(options);
    const total = plane.axes.length === 1 ? options.grid : options.grid ** 2;
    const bar = progress({ label: "map", total, unit: "points" });
    try {
      const found = await magnificationMap({
        engine,
        decoder,
        plane,
        bounds,
        grid: options.grid,
        full: options.full,
        signal,
        onProgress: (share) => share < 1 && bar.update(Math.round(share * total)),
      });
      await target.write(content(options.out, subject, found, points, options));
      const range = extent(found.magnification);
      return {
        text: `magnification factor ${significant(range[0])} to ${significant(range[1])}: ${options.out}`,
        json: {
          out: options.out,
          grid: options.grid,
          bounds,
          plane,
          least: range[0],
          greatest: range[1],
        },
      };
    } finally {
      bar.end();
      await engine.dispose();
    }
  },
});

function planeOf(
  decoder: Decoder,
  latents: Float32Array,
  choice?: "pca" | [number, number],
): Plane {
  const d = decoder.latentDimension;
  if (d === 1) {
    if (choice) throw new InputError("plane: expected nothing, the latent space is a line");
    return axisPlane(1);
  }
  if (Array.isArray(choice)) {
    if (latents.length > 0) return coordinatePlane(latents, d, ...choice);
    return coordinatePlane(new Float32Array(d), d, ...choice);
  }
  if (choice === "pca" && latents.length === 0)
    throw new InputError("plane: expected latents.npy beside the decoder for pca, got none");
  return choice === "pca" || (d > 2 && latents.length > 0)
    ? principalPlane(latents, d)
    : axisPlane(d);
}

/** Around the data, or as asked; then some of the data must lie inside. */
function boundsOf(points: Float64Array, { axes }: Plane, asked?: number[]): Bounds {
  const line = axes.length === 1;
  const around = boundsAround(line ? [...points].flatMap((z) => [z, z]) : points);
  if (!asked) return around;
  const [x0, x1, y0, y1] = asked as [number, number, number, number];
  if (!(x0 < x1)) throw new InputError(`bounds: expected x0 < x1, got ${x0}, ${x1}`);
  if (!(y0 < y1)) throw new InputError(`bounds: expected y0 < y1, got ${y0}, ${y1}`);
  const width = axes.length;
  let inside = points.length === 0;
  for (let i = 0; i < points.length && !inside; i += width) {
    const [x, y] = [points[i] as number, line ? y0 : (points[i + 1] as number)];
    inside = x >= x0 && x <= x1 && y >= y0 && y <= y1;
  }
  if (!inside)
    throw new InputError(
      `bounds: expected some of the data inside, got ${asked}; the data lies in ${around.slice(0, 2 * width)}`,
    );
  return [x0, x1, y0, y1];
}

function content(
  out: string,
  { description, labels, values }: Subject,
  found: MagnificationMap,
  points: Float64Array,
  { full, plane }: { readonly full: boolean; readonly plane?: "pca" | [number, number] },
): Uint8Array | string {
  const { grid, magnification, logMagnification, bounds } = found;
  const line = found.plane.axes.length === 1;
  if (/\.npy$/i.test(out))
    return writeNpy({
      type: "float32",
      shape: line ? [grid] : [grid, grid],
      data: full ? Float32Array.from(logMagnification) : magnification,
    });
  const document = serverDocument();
  const svg = line
    ? mapLineFigure(document, { bounds: [bounds[0], bounds[1]], logMagnification, points })
    : mapFigure(document, {
        map: found,
        data: points.length
          ? { points, labels, values, labelNames: description.labelNames, value: description.value }
          : undefined,
        axes: axisNames(description.latentDimension, plane),
        label: full ? "magnification factor √det G, all dimensions" : undefined,
      });
  return /\.png$/i.test(out) ? rasterise(svg) : svg;
}

function axisNames(d: number, plane?: "pca" | [number, number]): [string, string] {
  const name = (axis: number): string =>
    `z${[...String(axis + 1)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("")}`;
  if (Array.isArray(plane)) return [name(plane[0]), name(plane[1])];
  return d > 2 || plane === "pca"
    ? ["first principal axis", "second principal axis"]
    : [name(0), name(1)];
}

function extent(values: Float32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}
