/** @file A visitor's own files as a model, or as codes for the one that is open. */
import type { ModelSource } from "../protocol/messages.ts";
import type { NamedFile } from "../work/open.ts";

const codes = /\.(npy|csv|tsv|txt)$/i;
const known = /(^|\/)(latents|labels|values)\.(npy|csv|tsv|txt)$/i;

/**
 * The model that the files make. Codes alone go with the decoder that is open, in the place of its
 * own; `null` where there is none.
 */
export function ownSource(
  files: readonly NamedFile[],
  open: ModelSource | null,
): ModelSource | null {
  const onlyCodes = files.every(({ name }) => codes.test(name));
  if (!onlyCodes) return { kind: "files", files };
  if (open?.kind === "files")
    return {
      kind: "files",
      files: [...files, ...open.files.filter(({ name }) => !codes.test(name))],
    };
  if (open?.kind === "site")
    return { ...open, own: files, files: open.files.filter((name) => !known.test(name)) };
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
      const name = names[part];
      const isTable = part === "latents" && /\.(csv|tsv|txt)$/i.test(nameOf(source));
      return { name: isTable ? "latents.csv" : name, bytes: await bytesOf(source) };
    }),
  );
}

const names = {
  decoder: "decoder.onnx",
  latents: "latents.npy",
  labels: "labels.npy",
  values: "values.npy",
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
