/** @file Which codes are drawn: a range of a value, classes left out, words that are searched. */
import type { Variable } from "./variables.ts";

export type Filter =
  | { readonly kind: "range"; readonly from: number; readonly to: number }
  | { readonly kind: "without"; readonly names: ReadonlySet<string> };

/** By the name of the variable; codes pass all of them. */
export type Filters = ReadonlyMap<string, Filter>;

/**
 * 1 for each of n codes that passes, 0 for the others. What is searched must occur in what one of the
 * variables of classes and words says, in capitals or not. A value that is unknown is in no range.
 */
export function passing(
  variables: readonly Variable[],
  filters: Filters,
  search: string,
  n: number,
): Uint8Array {
  const passes = new Uint8Array(n).fill(1);
  const keep = (is: (code: number) => boolean): void => {
    for (let code = 0; code < n; code++) if (passes[code] === 1 && !is(code)) passes[code] = 0;
  };
  for (const variable of variables) {
    const filter = filters.get(variable.name);
    if (filter?.kind === "range" && variable.kind === "values") {
      const { values } = variable;
      keep((code) => {
        const value = values[code] as number;
        return value >= filter.from && value <= filter.to;
      });
    }
    if (filter?.kind === "without" && variable.kind === "classes") {
      const { entries, entryOf } = variable;
      const out = entries.map(({ name }) => filter.names.has(name));
      keep((code) => !out[entryOf[code] as number]);
    }
  }
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return passes;
  const contains = remembered((said) => said.toLowerCase().includes(wanted));
  const read = variables.filter(({ kind }) => kind !== "values");
  keep((code) => read.some((variable) => contains(variable.say(code))));
  return passes;
}

/** Words repeat: each is looked at once. */
function remembered(is: (word: string) => boolean): (word: string) => boolean {
  const known = new Map<string, boolean>();
  return (word) => {
    const found = known.get(word) ?? is(word);
    known.set(word, found);
    return found;
  };
}

/** With a class drawn or left out, whichever it was not. */
export function toggled(filter: Filter | undefined, name: string): Filter | undefined {
  const names = new Set(filter?.kind === "without" ? filter.names : []);
  if (!names.delete(name)) names.add(name);
  return names.size > 0 ? { kind: "without", names } : undefined;
}
