/**
 * @file What the explorer's server serves: a closed list of addresses, each with where its bytes come
 * from. What is not on the list does not exist, so no address can lead out of the folders.
 */
import { open, readdir, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import type { Settings } from "pullback-core";
import { InputError, writeOnnx } from "pullback-core";
import { readModel } from "../files/model-folder.ts";

/** Where bytes come from. */
export interface Source {
  size(): Promise<number>;
  /** All of it, or from one byte up to another. */
  read(from?: number, to?: number): Promise<Uint8Array>;
}

/** Sources by address, such as `assets/page.js`. */
export type Content = ReadonlyMap<string, Source>;

/** The files of a model folder that the page reads. */
const modelFiles = [
  ...["model.json", "decoder.onnx", "latents.npy", "labels.npy", "values.npy"],
  ...["metadata.csv", "metadata.parquet", "observations.npy"],
];

export interface ServedModel {
  readonly name: string;
  readonly title: string;
  /** Where the command line finds it, from where it was started. */
  readonly path: string;
  /** Inputs of the decoder that are fixed in what is served, where there are any. */
  readonly settings?: Settings;
  readonly files: Content;
}

/** The folder of the built page. Throws `InputError` where it was not built. */
export async function siteFolder(): Promise<string> {
  const own = createRequire(import.meta.url).resolve("pullback-explorer/package.json");
  const folder = join(dirname(own), "dist", "site");
  if (await isThere(join(folder, "index.html"))) return folder;
  throw new InputError(`expected the built page in ${folder}, found none: npm run setup`);
}

/** Folders and titles of the models that come with the page. */
const builtIn = [
  ["pendulum", "Pendulum"],
  ["digits", "Handwritten digits"],
  ["robot-arm", "Robot arm"],
] as const;

/** The models that come with the page. */
export async function builtInModels(): Promise<ServedModel[]> {
  const own = createRequire(import.meta.url).resolve("pullback-explorer/package.json");
  const folder = join(dirname(own), "models");
  if (!(await isThere(folder))) return [];
  return Promise.all(builtIn.map(([name, title]) => folderModel(join(folder, name), name, title)));
}

/**
 * A model of the user's, checked before it is served. Throws what `readModel` throws. Inputs that
 * `settings` fix are fixed in the decoder that is served.
 */
export async function servedModel(path: string, settings: Settings = {}): Promise<ServedModel> {
  const { decoder, description } = await readModel(path, settings);
  const title = description.name;
  const name = slug(title);
  const adapted = made(() => writeOnnx(decoder.graph));
  if (/\.onnx$/i.test(path))
    return { name, title, path, settings, files: new Map([[`${name}.onnx`, adapted]]) };
  const model = await folderModel(path, name, title);
  if (Object.keys(settings).length === 0) return model;
  return { ...model, settings, files: new Map([...model.files, ["decoder.onnx", adapted]]) };
}

/** Original observations up to this size go into an exported site: 42,000 small images in bytes. */
const mostOriginals = 32 * 2 ** 20;
const originals = "observations.npy";

/** A model as an exported site carries it: without observations that are larger than a page should bring. */
export async function exportedModel(model: ServedModel): Promise<ServedModel> {
  const size = (await model.files.get(originals)?.size()) ?? 0;
  if (size <= mostOriginals) return model;
  return { ...model, files: new Map([...model.files].filter(([file]) => file !== originals)) };
}

async function folderModel(path: string, name: string, title = name): Promise<ServedModel> {
  const present = await Promise.all(modelFiles.map((file) => isThere(join(path, file))));
  const files = modelFiles.filter((_, i) => present[i]);
  return {
    name,
    title,
    path: relative(process.cwd(), path) || ".",
    files: new Map(files.map((file) => [file, onDisk(join(path, file))])),
  };
}

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "") || "model";

/**
 * The page with its models, under `models/`, and the catalogue `models.json`. Paths of this machine are named
 * where `paths` is set: they are nobody's business on an exported site.
 */
export async function contentOf(
  folder: string,
  models: readonly ServedModel[],
  { paths = true }: { readonly paths?: boolean } = {},
): Promise<Content> {
  const content = new Map<string, Source>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const address = path.slice(folder.length + 1).replaceAll(sep, "/");
    content.set(address, onDisk(path));
  }
  const named = distinct(models);
  const catalogue = {
    models: named.map(({ name, title, path, settings, files }) => ({
      name,
      title,
      ...(paths ? { path, settings } : {}),
      folder: `models/${name}/`,
      files: [...files.keys()],
    })),
  };
  content.set(
    "models.json",
    made(() => new TextEncoder().encode(JSON.stringify(catalogue))),
  );
  for (const { name, files } of named)
    for (const [file, source] of files) content.set(`models/${name}/${basename(file)}`, source);
  return content;
}

/** A file; of a large one a part is read without the rest. */
function onDisk(path: string): Source {
  return {
    size: async () => (await stat(path)).size,
    async read(from, to) {
      if (from === undefined || to === undefined) return readFile(path);
      const file = await open(path);
      try {
        const { buffer, bytesRead } = await file.read(
          new Uint8Array(to - from),
          0,
          to - from,
          from,
        );
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
  };
}

/** What is made in memory. */
const made = (make: () => Uint8Array): Source => ({
  size: async () => make().length,
  read: async (from, to) => make().subarray(from, to),
});

/** A model of the user's may be called as one that comes along. */
function distinct(models: readonly ServedModel[]): ServedModel[] {
  const taken = new Set<string>();
  return models.map((model) => {
    let name = model.name;
    for (let i = 2; taken.has(name); i++) name = `${model.name}-${i}`;
    taken.add(name);
    return { ...model, name };
  });
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

export const typeOf = (address: string): string =>
  types[extname(address)] ?? "application/octet-stream";

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
