/** @file Programs by graph and number of rows: compiled once, kept. */
import type { Graph } from "../graph/graph.ts";
import { bind } from "../graph/graph.ts";
import type { Engine, Program } from "./engine.ts";

export interface ProgramCache {
  readonly engine: Engine;
  /**
   * The program of `graph`, by identity, with its symbol bound to `n`. Programs stay until the
   * cache or the engine is disposed of: make a graph once, not in a loop.
   */
  program(graph: Graph, n: number): Promise<Program>;
  /** Seconds spent compiling so far. */
  readonly compileSeconds: number;
  /** Releases the programs, and the memory that each of them holds. */
  dispose(): Promise<void>;
}

export function programCache(engine: Engine): ProgramCache {
  const programs = new Map<Graph, Map<number, Promise<Program>>>();
  let milliseconds = 0;
  return {
    engine,
    program(graph, n) {
      const sizes = programs.get(graph) ?? new Map<number, Promise<Program>>();
      programs.set(graph, sizes);
      const known = sizes.get(n);
      if (known) return known;
      const start = performance.now();
      const compiled = engine.compile(bind(graph, { n })).then((program) => {
        milliseconds += performance.now() - start;
        return program;
      });
      sizes.set(n, compiled);
      // A failure is told to whoever asked, and tried again when it is asked for again.
      compiled.catch(() => sizes.delete(n));
      return compiled;
    },
    get compileSeconds() {
      return milliseconds / 1000;
    },
    async dispose() {
      const all = [...programs.values()].flatMap((sizes) => [...sizes.values()]);
      programs.clear();
      for (const program of await Promise.allSettled(all))
        if (program.status === "fulfilled") await program.value.dispose();
    },
  };
}

/** Works with the programs that are given, otherwise with own ones that are released at the end. */
export async function withPrograms<T>(
  { engine, cache }: { readonly engine: Engine; readonly cache?: ProgramCache },
  work: (cache: ProgramCache) => Promise<T>,
): Promise<T> {
  if (cache) return work(cache);
  const own = programCache(engine);
  try {
    return await work(own);
  } finally {
    await own.dispose();
  }
}
