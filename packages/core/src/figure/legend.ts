/** @file Legends: a bar for a scale, a ring for an angle, swatches for classes. */
import type { ColourScale } from "./colour.ts";
import { cyclic } from "./colour.ts";
import { element, faint, text, translate } from "./svg.ts";

/** Ticks of a logarithmic scale: powers of ten, and 2 and 5 between where there are few. */
export function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const steps =
    decades > 4
      ? [1]
      : decades > 1.6
        ? [1, 3]
        : decades > 0.7
          ? [1, 2, 5]
          : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const every = Math.max(1, Math.ceil(decades / 7));
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    for (const step of steps) {
      const tick = Number(`${step}e${power}`);
      const within = tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9);
      if (within && (decades <= 4 || power % every === 0)) ticks.push(tick);
    }
  return ticks;
}

/** `0.001`, `3000`, and `1e-7` or `1e8` where zeros would have to be counted. */
export function tickLabel(value: number): string {
  return value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e5)
    ? value.toExponential(0).replace("e+", "e")
    : String(value);
}

export interface BarOptions {
  /** Unique within a page: gradients are named. */
  readonly id: string;
  readonly label: string;
  readonly scale: ColourScale;
  readonly width: number;
  /** Where each tick sits, 0 to 1, and what it says. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** A horizontal colour bar with its label above and its ticks below; 40 high. */
export function colourBar({ id, label, scale, width, ticks }: BarOptions): string {
  const stops = Array.from({ length: 17 }, (_, i) =>
    element("stop", { offset: `${round4(i / 16)}`, "stop-color": scale(i / 16) }),
  );
  const marks = ticks.map(({ at, label: says }) =>
    translate(
      at * width,
      24,
      element("line", { y2: 4, stroke: faint }),
      text(says, { y: 15, "text-anchor": "middle", "font-size": 11 }),
    ),
  );
  return [
    element("defs", {}, element("linearGradient", { id }, ...stops)),
    text(label, { y: 4 }),
    element("rect", {
      y: 12,
      width,
      height: 12,
      fill: `url(#${id})`,
      stroke: faint,
      "stroke-width": 0.5,
    }),
    ...marks,
  ].join("");
}

const round4 = (value: number): number => Math.round(value * 1e4) / 1e4;

/** A ring whose colour is the angle, counter-clockwise from the right; centre at the origin. */
export function colourRing({
  period,
  unit = "",
  radius = 20,
}: {
  readonly period: number;
  readonly unit?: string;
  readonly radius?: number;
}): string {
  const parts = 72;
  const inner = radius * 0.58;
  const at = (r: number, turn: number): string =>
    `${(r * Math.cos(2 * Math.PI * turn)).toFixed(2)},${(-r * Math.sin(2 * Math.PI * turn)).toFixed(2)}`;
  const wedges = Array.from({ length: parts }, (_, i) => {
    // A sliver of overlap: otherwise the ground shines through between neighbours.
    const [from, to] = [i / parts, (i + 1.25) / parts];
    const d = `M${at(inner, from)}L${at(radius, from)}L${at(radius, to)}L${at(inner, to)}Z`;
    return element("path", { d, fill: cyclic((i + 0.5) / parts) });
  });
  const names = [0, 1, 2, 3].map((quarter) => {
    const says = `${Math.round((period * quarter) / 4)}${unit}`;
    const [x, y] = [
      [radius + 5, 4],
      [0, -radius - 5],
      [-radius - 5, 4],
      [0, radius + 13],
    ][quarter] as [number, number];
    const anchor = ["start", "middle", "end", "middle"][quarter];
    return text(says, { x, y, "text-anchor": anchor, "font-size": 11 });
  });
  return [...wedges, ...names].join("");
}

interface Swatch {
  readonly name: string;
  readonly colour: string;
}

/** Dots with names in rows of 18; `width` is what they may take. */
export function swatches({
  entries,
  width,
}: {
  readonly entries: readonly Swatch[];
  readonly width: number;
}): string {
  const across = Math.ceil(entries.length / swatchRows(entries, width));
  return entries
    .map(({ name, colour }, i) =>
      translate(
        (i % across) * cellOf(entries),
        Math.floor(i / across) * 18,
        element("circle", { cx: 5, cy: 0, r: 4.5, fill: colour }),
        text(name, { x: 14, y: 4, "font-size": 11 }),
      ),
    )
    .join("");
}

export function swatchRows(entries: readonly Swatch[], width: number): number {
  const columns = Math.max(1, Math.min(entries.length, Math.floor(width / cellOf(entries))));
  return Math.ceil(entries.length / columns);
}

const cellOf = (entries: readonly Swatch[]): number =>
  26 + 6.8 * Math.max(...entries.map(({ name }) => name.length));
