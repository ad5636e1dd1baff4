import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { serverDocument } from "../../../packages/pullback/src/report/document.ts";
import { encodePng } from "../../../packages/pullback/src/report/png.ts";
import { rasterise } from "../../../packages/pullback/src/report/rasterise.ts";

/** Pixels of an 8-bit RGBA PNG whose rows all have filter 2. */
function decode(png: Buffer): number[] {
  const at = png.indexOf("IDAT");
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const stride = png.readUInt32BE(16) * 4;
  const pixels: number[] = [];
  for (let y = 0; y < png.readUInt32BE(20); y++)
    for (let i = 0; i < stride; i++) {
      const above = y ? (pixels[(y - 1) * stride + i] as number) : 0;
      pixels.push(((rows[y * (stride + 1) + 1 + i] as number) + above) & 255);
    }
  return pixels;
}

test("PNG holds the pixels it was given", () => {
  const rgba = Uint8ClampedArray.from({ length: 3 * 2 * 4 }, (_, i) => (37 * i) % 256);
  expect(decode(encodePng({ width: 3, height: 2, rgba }))).toEqual([...rgba]);
});

test("the document's canvas gives a PNG that resvg reads", () => {
  const canvas = serverDocument().createElement("canvas");
  Object.assign(canvas, { width: 1, height: 1 });
  const context = canvas.getContext("2d");
  context?.putImageData({ data: Uint8ClampedArray.from([200, 10, 10, 255]) }, 0, 0);
  const image = `<image width="8" height="8" href="${canvas.toDataURL()}"/>`;
  const png = rasterise(
    `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">${image}</svg>`,
  );
  expect(png.readUInt32BE(16)).toBe(16);
  expect(png.length).toBeLessThan(200);
});

test.each(["normal", "bold"])("%s text leaves ink without any font on the machine", (weight) => {
  const svg = (said: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20" font-family="Helvetica, Arial, Arimo, sans-serif" font-weight="${weight}"><text y="15">${said}</text></svg>`;
  const blank = rasterise(svg(""));
  const plain = rasterise(svg("o"));
  expect(plain.equals(blank)).toBe(false);
  for (const said of ["φ", "√", "₁", "σ", "±", "°"])
    expect(rasterise(svg(said)).equals(blank), said).toBe(false);
});
