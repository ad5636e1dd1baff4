/**
 * @file The document that figures are drawn in on a server: linkedom's, with a canvas that keeps
 * the pixels it is given and encodes them as PNG.
 */
import { createRequire } from "node:module";
import type { FigureCanvas, FigureDocument } from "pullback-core";
import { encodePng } from "./png.ts";

type Linkedom = typeof import("linkedom");

export function serverDocument(): FigureDocument {
  // Late: loading it takes longer than many a command that draws nothing.
  const { parseHTML } = createRequire(import.meta.url)("linkedom") as Linkedom;
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const create = document.createElement.bind(document);
  return Object.assign(document, {
    createElement: (name: string) => (name === "canvas" ? canvas() : create(name)),
  }) as unknown as FigureDocument;
}

function canvas(): FigureCanvas {
  let pixels = new Uint8ClampedArray();
  const self: FigureCanvas = {
    width: 0,
    height: 0,
    getContext: () => ({
      createImageData: (width, height) => ({ data: new Uint8ClampedArray(width * height * 4) }),
      putImageData: ({ data }) => {
        pixels = new Uint8ClampedArray(data);
      },
    }),
    toDataURL: () => {
      const png = encodePng({ width: self.width, height: self.height, rgba: pixels });
      return `data:image/png;base64,${png.toString("base64")}`;
    },
  };
  return self;
}
