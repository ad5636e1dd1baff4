/** @file `OUT.partial`: where a training that is not finished keeps its checkpoint. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { TrainingIdentity, TrainingState } from "pullback-core";
import { InputError, readCheckpoint, writeCheckpoint } from "pullback-core";
import { readBytes } from "../files/read.ts";
import { naming, pathError } from "../files/reason.ts";
import { makeFolders, writeWhole } from "../files/write.ts";

export interface TrainingFolder {
  readonly path: string;
  /** The state to go on from; null where there is none. */
  latest(): Promise<TrainingState | null>;
  /** Replaces the checkpoint: the old one stays until the new one is whole. */
  save(state: TrainingState): Promise<void>;
  remove(): Promise<void>;
}

export interface TrainingFolderOptions {
  readonly resume?: boolean;
  readonly overwrite?: boolean;
}

/**
 * The folder beside `out`. Throws `InputError` where it has a checkpoint and neither `resume` nor
 * `overwrite` says what is to become of it.
 */
export async function trainingFolder(
  out: string,
  identity: TrainingIdentity,
  { resume = false, overwrite = false }: TrainingFolderOptions,
): Promise<TrainingFolder> {
  const path = `${out.replace(/[/\\]+$/, "")}.partial`;
  const file = join(path, "checkpoint", "state.bin");
  if (existsSync(file) && !resume && !overwrite)
    throw new InputError(
      `${path} holds an unfinished training; --resume goes on with it, --overwrite starts again`,
    );
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  try {
    if (!resume) await remove();
    await makeFolders(resolve(path, "checkpoint"));
  } catch (error) {
    throw pathError("write", path, error);
  }
  return {
    path,
    async latest() {
      if (!existsSync(file)) return null;
      const bytes = await readBytes(file);
      return naming(file, () => readCheckpoint(bytes, identity));
    },
    save: (state) => writeWhole(file, writeCheckpoint(state, identity), { overwrite: true }),
    remove,
  };
}
