/** @file Results that are numbers, text, JSON or a picture, by the ending of their file. */
import { extname } from "node:path";
import type { NumericArray } from "pullback-core";
import { writeCsv, writeNpy } from "pullback-core";
import { rasterise } from "../report/rasterise.ts";
import { parsed } from "./options.ts";

const endings = [".csv", ".json", ".npy", ".svg", ".png"] as const;

/** A path with one of the endings. */
export const resultFile = parsed(`a file ending in ${endings.join(", ")}`, (text) =>
  endings.some((ending) => text.toLowerCase().endsWith(ending)) ? text : undefined,
);

export interface Forms {
  readonly array: () => NumericArray;
  /** Names of the columns. */
  readonly header?: readonly string[];
  readonly json: () => unknown;
  readonly svg: () => string;
}

/** The content that the ending asks for; only that is made. */
export function contentFor(path: string, { array, header, json, svg }: Forms): Uint8Array | string {
  switch (extname(path).toLowerCase()) {
    case ".npy":
      return writeNpy(array());
    case ".json":
      return `${JSON.stringify(json())}\n`;
    case ".svg":
      return svg();
    case ".png":
      return rasterise(svg());
    default: {
      const { shape, data } = array();
      const width = shape[1] ?? 1;
      const rows = Array.from({ length: shape[0] as number }, (_, i) =>
        Array.from(data.subarray(i * width, (i + 1) * width), Number),
      );
      return writeCsv(rows, header);
    }
  }
}
