/** @file A visitor's own files as a model, or as codes for the one that is open. */
import type { ModelSource, NamedFile } from "../work/files.ts";
import { codesName, metadataName, observationsName } from "../work/files.ts";

const partsName =
  /(^|\/)(latents|labels|values|metadata|observations)\.(npy|csv|tsv|txt|parquet)$/i;
/** Files that leave the codes where they are; each takes the place of its like. */
const aboutCodes = [metadataName, observationsName];

/**
 * The model that the files make. Codes alone go with the decoder that is open, in the place of its
 * own, and a table `metadata` or `observations.npy` alone with its codes; `null` where there is none.
 */
export function ownSource(
  files: readonly NamedFile[],
  open: ModelSource | null,
): ModelSource | null {
  if (!files.every(({ name }) => codesName.test(name))) return { kind: "files", files };
  const given = (pattern: RegExp): boolean => files.some(({ name }) => pattern.test(name));
  const describes = files.every(({ name }) => aboutCodes.some((pattern) => pattern.test(name)));
  const replaced = describes
    ? aboutCodes.filter(given)
    : [open?.kind === "files" ? codesName : partsName];
  const stays = (name: string): boolean => !replaced.some((pattern) => pattern.test(name));
  if (open?.kind === "files")
    return { kind: "files", files: [...files, ...open.files.filter(({ name }) => stays(name))] };
  if (open?.kind === "site") {
    const own = describes ? (open.own ?? []).filter(({ name }) => stays(name)) : [];
    return { ...open, own: [...files, ...own], files: open.files.filter(stays) };
  }
  return null;
}

export function readFiles(list: Iterable<File>): Promise<NamedFile[]> {
  return Promise.all(
    Array.from(list, async (file) => ({
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  );
}

/** The files of `mount`'s options, under the names that a model folder has for them. */
export async function named(
  options: {
    readonly [Part in keyof typeof names]?: string | URL | Blob | Uint8Array;
  },
): Promise<NamedFile[]> {
  const parts = Object.keys(names) as (keyof typeof names)[];
  const given = parts.flatMap((part) => {
    const source = options[part];
    return source === undefined ? [] : [{ part, source }];
  });
  return Promise.all(
    given.map(async ({ part, source }) => {
      const bytes = await bytesOf(source);
      const [, ending] = /\.(csv|tsv|txt|parquet)$/i.exec(nameOf(source)) ?? [];
      const isTable = part === "latents" || part === "metadata";
      return { name: isTable && ending ? `${part}.${ending}` : names[part], bytes };
    }),
  );
}

const names = {
  decoder: "decoder.onnx",
  latents: "latents.npy",
  labels: "labels.npy",
  values: "values.npy",
  metadata: "metadata.csv",
  observations: "observations.npy",
  description: "model.json",
} as const;

function nameOf(source: string | URL | Blob | Uint8Array): string {
  if (source instanceof File) return source.name;
  return source instanceof Blob || source instanceof Uint8Array
    ? ""
    : new URL(source, document.baseURI).pathname;
}

async function bytesOf(source: string | URL | Blob | Uint8Array): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  const response = await fetch(source);
  if (!response.ok) throw new Error(`cannot load ${source}: the site answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
