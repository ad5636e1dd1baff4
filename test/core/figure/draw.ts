/** @file What the tests of figures share: a document, and SVG as it is kept in snapshots. */
import { serverDocument } from "../../../packages/pullback/src/report/document.ts";

export const document = serverDocument();

/** One element a line, pictures inside left out: their bytes depend on the version of zlib. */
export function kept(svg: string): string {
  return `${svg.replace(/data:image\/png;base64,[A-Za-z0-9+/=]+/g, "data:…").replace(/></g, ">\n<")}\n`;
}

/** Values of one attribute of all elements of a name, in the order of drawing. */
export function attributes(svg: string, name: string, attribute: string): string[] {
  return [...svg.matchAll(new RegExp(`<${name}\\b[^>]*>`, "g"))].flatMap(([tag]) => {
    const [, value] = new RegExp(` ${attribute}="([^"]*)"`).exec(tag) ?? [];
    return value === undefined ? [] : [value];
  });
}

/** The texts of a figure, in the order of drawing. */
export function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, said]) => said as string);
}
