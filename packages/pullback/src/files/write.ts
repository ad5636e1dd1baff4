/**
 * @file Outputs that are whole or absent: claimed before the work, renamed into place after it.
 *
 * A claim costs nothing and leaves nothing behind; it says early what would otherwise be said after
 * minutes of work.
 */
import { constants } from "node:fs";
import { access, mkdir, open, readdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { InputError } from "pullback-core";
import { codeOf, pathError } from "./reason.ts";
import { forget, temporaryBeside } from "./temporary.ts";

export interface FileClaim {
  readonly path: string;
  /**
   * Writes all of the file, at once or piece by piece. Throws `InputError` that names the path; then
   * nothing has changed.
   */
  write(content: Uint8Array | string | AsyncIterable<Uint8Array | string>): Promise<void>;
}

export interface FolderClaim {
  readonly path: string;
  /** Lets `fill` write into a temporary folder, which then takes the place of the path. */
  write(fill: (temporary: string) => Promise<void>): Promise<void>;
}

/** Says before the work that a file can be written. Throws `InputError` where it exists or cannot. */
export async function claimFile(
  path: string,
  { overwrite = false }: { readonly overwrite?: boolean } = {},
): Promise<FileClaim> {
  const check = async (): Promise<void> => {
    const kind = await kindOf(path);
    if (kind === "folder")
      throw new InputError(`cannot write ${path}: expected a file, got a folder`);
    if (kind === "file" && !overwrite) throw exists(path);
  };
  await check();
  await checkParent(path);
  return {
    path,
    write: (content) =>
      replacing(path, async (temporary) => {
        const file = await open(temporary, "wx");
        try {
          await writeFile(file, content);
          await file.sync();
        } finally {
          await file.close();
        }
        await check();
        await rename(temporary, path);
      }),
  };
}

/**
 * Says before the work that a folder can be written. A folder that exists is only replaced, with
 * `overwrite`, when it holds one of `markers` (or nothing): a slip must not cost a home directory.
 */
export async function claimFolder(
  path: string,
  { overwrite = false, markers = [] }: FolderOptions = {},
): Promise<FolderClaim> {
  const check = async (): Promise<boolean> => {
    const kind = await kindOf(path);
    if (kind === "nothing") return false;
    if (kind === "file")
      throw new InputError(`cannot write ${path}: expected a folder, got a file`);
    const entries = await readdir(path);
    if (entries.length === 0) return true;
    if (!overwrite) throw exists(path);
    if (!markers.some((marker) => entries.includes(marker)))
      throw new InputError(
        `cannot write ${path}: expected to overwrite a folder with ${markers.join(" or ") || "nothing"} in it, got ${entries.slice(0, 3).join(", ")}`,
      );
    return true;
  };
  await check();
  await checkParent(path);
  return {
    path,
    write: (fill) =>
      replacing(path, async (temporary) => {
        await mkdir(temporary);
        await fill(temporary);
        await syncAll(temporary);
        if (await check()) await swap(temporary, path);
        else await rename(temporary, path);
      }),
  };
}

export interface FolderOptions {
  readonly overwrite?: boolean;
  /** Names of files of which one is in every folder of this kind: `model.json`. */
  readonly markers?: readonly string[];
}

/** Writes all of a file or nothing. */
export async function writeWhole(
  path: string,
  content: Uint8Array | string,
  options: { readonly overwrite?: boolean } = {},
): Promise<void> {
  await (await claimFile(path, options)).write(content);
}

/** Writes all of a folder or nothing. */
export async function writeFolder(
  path: string,
  fill: (temporary: string) => Promise<void>,
  options: FolderOptions = {},
): Promise<void> {
  await (await claimFolder(path, options)).write(fill);
}

/**
 * Makes a folder and those above it. Node's own recursive mkdir never returns on a file system that
 * refuses with ENOENT, as /proc does.
 */
export async function makeFolders(path: string): Promise<void> {
  if ((await kindOf(path)) === "folder") return;
  if (dirname(path) !== path) await makeFolders(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

const exists = (path: string): InputError =>
  new InputError(`cannot write ${path}: it exists; --overwrite replaces it`);

async function replacing(path: string, work: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryBeside(resolve(path));
  try {
    await makeFolders(dirname(temporary));
    await work(temporary);
  } catch (error) {
    throw pathError("write", path, error);
  } finally {
    forget(temporary);
  }
}

/** Puts a folder in the place of another; the old one comes back if that fails. */
async function swap(fresh: string, path: string): Promise<void> {
  const old = temporaryBeside(resolve(path));
  await rename(path, old);
  try {
    await rename(fresh, path);
  } catch (error) {
    await rename(old, path);
    throw error;
  } finally {
    forget(old);
  }
}

/** Where the power fails after the rename, the content must be there too. */
async function syncAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncAll(path);
    else if (entry.isFile()) {
      const file = await open(path, "r+");
      await file.sync().finally(() => file.close());
    }
  }
}

async function kindOf(path: string): Promise<"file" | "folder" | "nothing"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "nothing";
    throw pathError("write", path, error);
  }
}

/** The nearest folder above that exists must take new entries; the ones between are made later. */
async function checkParent(path: string): Promise<void> {
  let parent = dirname(resolve(path));
  while ((await kindOf(parent)) === "nothing" && parent !== dirname(parent))
    parent = dirname(parent);
  if ((await kindOf(parent)) !== "folder")
    throw new InputError(`cannot write ${path}: ${parent} is no folder`);
  try {
    await access(parent, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw pathError("write", path, error);
  }
}
