/** @file What went wrong with a path, in words instead of an error code. */
import { InputError } from "pullback-core";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "the disk is read-only",
  EISDIR: "expected a file, got a folder",
  ENOTDIR: "a part of the path is no folder",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EFBIG: "the file would be larger than is allowed here",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "links go round in a circle",
  EIO: "the disk gives an error",
};

/** The code of an error of the operating system, or undefined. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return error instanceof Error && typeof code === "string" ? code : undefined;
}

/** An error of the operating system as `InputError` that names the path; others as they are. */
export function pathError(action: "read" | "write", path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof InputError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new InputError(`cannot ${action} ${path}: ${reasons[code] ?? code}`, { cause: error });
}

/** Puts the path before what is wrong with the content. */
export async function naming<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError)
      throw new InputError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}
