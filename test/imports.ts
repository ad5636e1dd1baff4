/** @file What the layout allows to import what: read from the sources, checked against the order. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** One `import` or `export … from`, or `import()`. */
export interface Import {
  /** Importing file, from the package's `src`: `graph/onnx/write.ts`. */
  readonly file: string;
  /** What stands between the quotes. */
  readonly target: string;
}

export interface Layout {
  /** Folders of `src`; each may import itself and those before it. */
  readonly order: readonly string[];
  /** Imports from outside that are not allowed. */
  readonly forbidden: RegExp;
}

export function importsOf(src: string): Import[] {
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) =>
      importsIn(readFileSync(join(src, file), "utf8")).map((target) => ({ file, target })),
    );
}

/** Comments are taken out first: they show imports that are none. */
export function importsIn(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const pattern = /(?:^|[\s;}])(?:from|import)\s*\(?\s*["']([^"'\n]+)["']/g;
  return [...code.matchAll(pattern)].map((match) => match[1] as string);
}

/** What breaks the layout, a sentence each. Files beside the folders (`index.ts`) may import all. */
export function violations(imports: readonly Import[], { order, forbidden }: Layout): string[] {
  const found: string[] = [];
  const edges = new Map<string, Set<string>>();
  for (const { file, target } of imports) {
    if (forbidden.test(target))
      found.push(`${file} imports ${target}, which is not for this package`);
    if (!target.startsWith(".")) continue;
    const [from, to] = [folderOf(file), folderOf(join(dirname(file), target))];
    if (from === "" || from === to) continue;
    const [here, there] = [order.indexOf(from), order.indexOf(to)];
    if (here < 0) found.push(`${file}: the folder ${from} has no place in the order`);
    else if (there < 0)
      found.push(`${file} imports ${target}: ${to || "index"} has no place in the order`);
    else if (there > here) found.push(`${file} imports ${target}: ${to} comes after ${from}`);
    edges.set(from, (edges.get(from) ?? new Set()).add(to));
  }
  const cycle = cycleOf(edges);
  if (cycle) found.push(`a cycle: ${cycle.join(" -> ")}`);
  return [...new Set(found)];
}

function folderOf(path: string): string {
  const parts = relative(".", path).split(/[\\/]/);
  return parts.length > 1 ? (parts[0] as string) : "";
}

/** The first cycle between folders, its first folder repeated at the end, or null. */
export function cycleOf(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | null => {
    const at = path.indexOf(node);
    if (at >= 0) return [...path.slice(at), node];
    if (done.has(node)) return null;
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return null;
  };
  for (const node of edges.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return null;
}
