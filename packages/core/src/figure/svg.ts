/**
 * @file SVG as text: elements, escaping, rounding, and Plot's charts as parts of one picture.
 *
 * Figures are text because a file, a page and a snapshot all want text; the document is only lent
 * to Plot while it draws.
 */
import type { PlotOptions } from "@observablehq/plot";
import { plot } from "@observablehq/plot";
import type { FigureDocument } from "./document.ts";

/** Arial and its metric twins: the same widths in a page, on a server and in print. */
export const fontFamily = "Helvetica, Arial, Arimo, 'Liberation Sans', sans-serif";
export const fontSize = 12;
export const ink = "#222222";
export const faint = "#767676";

export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** One element. Children are SVG already; attributes are escaped, numbers rounded. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}="${typeof value === "number" ? round(value) : escapeXml(value as string)}"`,
    )
    .join("");
  return children.length
    ? `<${name}${written}>${children.join("")}</${name}>`
    : `<${name}${written}/>`;
}

/** A line of text; the anchor is `start` unless told. */
export function text(content: string, attributes: Attributes): string {
  return element("text", attributes, escapeXml(content));
}

export function translate(x: number, y: number, ...children: string[]): string {
  return element("g", { transform: `translate(${round(x)},${round(y)})` }, ...children);
}

/** What every figure returns a text of: white ground, one font, a title for who cannot see it. */
export function picture(
  { width, height, title, description }: PictureOptions,
  ...children: string[]
): string {
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      "xmlns:xlink": "http://www.w3.org/1999/xlink",
      width,
      height,
      viewBox: `0 0 ${round(width)} ${round(height)}`,
      role: "img",
      "font-family": fontFamily,
      "font-size": fontSize,
      fill: ink,
    },
    element("title", {}, escapeXml(title)),
    description ? element("desc", {}, escapeXml(description)) : "",
    element("rect", { width, height, fill: "#ffffff" }),
    ...children,
  );
}

export interface PictureOptions {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description?: string;
}

/** Plot's chart as a group: its own style sheet removed, since other charts stand beside it. */
export function chart(document: FigureDocument, options: PlotOptions): string {
  const svg = plot({ ...options, document: document as never }) as unknown as Drawn;
  const inner = svg.innerHTML.replace(/<style>[\s\S]*?<\/style>/g, "");
  const drawn = inner.replace(/<[^>]*>/g, (tag) =>
    tag.startsWith("<image") ? tag : tag.replace(/-?\d+\.\d{2,}(e-\d+)?/g, (n) => round(Number(n))),
  );
  return element("g", { fill: ink, "text-anchor": "middle" }, drawn);
}

interface Drawn {
  readonly innerHTML: string;
}

/** Two decimals at most: a hundredth of a pixel. */
export function round(value: number): string {
  return String(Number(value.toFixed(2)));
}
