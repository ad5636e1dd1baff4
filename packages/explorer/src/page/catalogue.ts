/** @file Which models a site has: `models.json` beside the page. */
import * as v from "valibot";

const Entry = v.object({
  /** Name in the address. */
  name: v.string(),
  title: v.string(),
  /** Where a command line finds the model, if the site stands on the machine that has it. */
  path: v.optional(v.string()),
  /** Inputs of the decoder that are fixed in it here, and that a command line has to fix again. */
  settings: v.optional(v.record(v.string(), v.array(v.number()))),
  /** Folder of the files, from `models.json` on. */
  folder: v.string(),
  files: v.array(v.string()),
});
const Catalogue = v.object({ models: v.array(Entry) });

export interface SiteModel {
  readonly name: string;
  readonly title: string;
  readonly path?: string | undefined;
  readonly settings?: Readonly<Record<string, readonly number[]>> | undefined;
  /** Address of the folder, with a slash at its end. */
  readonly base: string;
  readonly files: readonly string[];
}

/** The models that a site offers; none where it has no catalogue. */
export async function catalogue(address: URL): Promise<SiteModel[]> {
  const response = await fetch(address);
  if (!response.ok) return [];
  const found = v.safeParse(Catalogue, await response.json());
  if (!found.success) return [];
  return found.output.models.map(({ folder, ...entry }) => ({
    ...entry,
    base: new URL(folder.endsWith("/") ? folder : `${folder}/`, address).href,
  }));
}
