/** @file What can be taken along: pictures of the map, the curves as files, the command that makes them. */
import type { GeodesicsResult, MetricChoice } from "pullback-core";
import { writeCsv } from "pullback-core";

/** Hands a file to the visitor; nothing leaves the machine. */
export function download(name: string, content: string | Blob, type = "text/plain"): void {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** As `pullback geodesics --out` writes it. */
export const curvesJson = (result: GeodesicsResult): string => `${JSON.stringify(result)}\n`;

/** A row a node: leg, parameter, code, speed. */
export function curvesCsv({ geodesics, latentDimension: d }: GeodesicsResult): string {
  const header = ["leg", "t", ...Array.from({ length: d }, (_, k) => `z${k + 1}`), "velocity"];
  const rows = geodesics.flatMap(({ curve, velocity }, leg) =>
    curve.map((point, i) => [leg + 1, i / (curve.length - 1), ...point, velocity[i] as number]),
  );
  return writeCsv(rows, header);
}

/** Pairs between neighbours of the path, as `--pairs` reads them. */
export function pairsCsv(path: readonly (readonly number[])[]): string {
  const pairs = path.slice(1).map((point, i) => [...(path[i] as readonly number[]), ...point]);
  return writeCsv(pairs);
}

/** A model as a command line names it. */
export interface Origin {
  readonly path?: string | undefined;
  /** Inputs of the decoder that are fixed. */
  readonly settings?: Readonly<Record<string, readonly number[]>> | undefined;
}

/** The command line that gives the same lengths. */
export function commandLine(
  { path = "model", settings = {} }: Origin,
  { name, lambda, rank }: MetricChoice,
): string {
  const parts = ["npx pullback geodesics", quoted(path), "--pairs pairs.csv --out curves.json"];
  for (const [input, values] of Object.entries(settings))
    parts.push(`--set ${quoted(`${input}=${values.join(",")}`)}`);
  if (name !== "pullback") parts.push(`--metric ${name}`);
  if (lambda !== undefined) parts.push(`--lambda ${lambda}`);
  if (rank !== undefined) parts.push(`--rank ${rank}`);
  return parts.join(" ");
}

/** A word as a shell takes it. */
const quoted = (word: string): string =>
  /^[\w./=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** An SVG as PNG, twice its size. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * image.naturalWidth;
  canvas.height = 2 * image.naturalHeight;
  const context = canvas.getContext("2d");
  context?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("no PNG came out"))),
      "image/png",
    ),
  );
}
