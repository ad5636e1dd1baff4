/** @file Programs by graph and number of rows: compiled once, kept. */
import type { Graph } from "../graph/graph.ts";
import { bind } from "../graph/graph.ts";
import type { Engine, Program } from "./engine.ts";

export interface ProgramCache {
  readonly engine: Engine;
  /**
   * The program of `graph`, by identity, with its symbol bound to `n`. Programs stay until the
   * engine is disposed of: make a graph once, not in a loop.
   */
  program(graph: Graph, n: number): Promise<Program>;
  /** Seconds spent compiling so far. */
  readonly compileSeconds: number;
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
  };
}
