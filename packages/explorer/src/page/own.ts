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
