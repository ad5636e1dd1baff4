/**
 * @file Every solver from every start on every surface whose geodesics are known, in both precisions.
 *
 * `npm run conformance` writes the table to docs/conformance.md; the ordinary tests check the same
 * cases and write nothing.
 */
import { writeFileSync } from "node:fs";
import { nativeEngine } from "pullback";
import type { ConnectOptions, FloatType, Geodesic, Solver, Start } from "pullback-core";
import {
  bezierStart,
  connect,
  gaussNewton,
  georce,
  graphStart,
  gridStart,
  neural,
  newton,
  programCache,
  spline,
  straight,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import type { Surface } from "../reference/surfaces.ts";
import { sphere } from "../reference/surfaces.ts";
import { surfaces } from "./surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);

interface Row {
  readonly name: string;
  readonly solver: Solver;
  readonly tolerance: Readonly<Record<FloatType, number>>;
}

const exact = { float64: 1e-6, float32: 1e-4 };
const solvers: readonly Row[] = [
  { name: "gauss-newton", solver: gaussNewton, tolerance: exact },
  { name: "newton", solver: newton, tolerance: exact },
  { name: "georce", solver: georce, tolerance: exact },
  { name: "spline", solver: spline, tolerance: { float64: 1e-6, float32: 1e-4 } },
  {
    name: "neural",
    solver: neural({ iterations: 250, points: 100, curves: 2, pretrainIterations: 50 }),
    tolerance: { float64: 2e-2, float32: 2e-2 },
  },
];

const starts: Readonly<Record<string, Start>> = {
  straight,
  bezier: bezierStart(),
  grid: gridStart({ side: 41 }),
  graph: graphStart({ vertices: 300 }),
};

const precisions = ["float64", "float32"] as const;

/** Why a case is left out; nothing where it is not. */
function leftOut(surface: Surface, { solver }: Row, start: string, type: FloatType): string {
  if (start === "grid" && surface.d !== 2) return "grid: d = 2 only";
  if (solver.kind === "curves" && start !== "straight") return "has its own starts";
  if (solver.kind === "curves" && type === "float64") return "trains in float32";
  return "";
}

async function solve(
  surface: Surface,
  type: FloatType,
  options: Partial<ConnectOptions>,
): Promise<readonly Geodesic[]> {
  const { geodesics } = await connect({
    engine,
    cache,
    metric: surface.metric(type),
    pairs: Float64Array.from(surface.pairs.flat(2)),
    tolerance: type === "float64" ? 1e-7 : 1e-5,
    segments: { first: 25, most: 200 },
    ...options,
  });
  return geodesics;
}

/** The worst relative error of a length, by surface, solver and precision. */
const worst = new Map<string, number>();
const key = (...parts: readonly string[]): string => parts.join(" | ");

describe.each(surfaces)("$name", (surface) => {
  describe.each(solvers)("$name", (row) => {
    for (const type of precisions)
      for (const [name, start] of Object.entries(starts)) {
        if (leftOut(surface, row, name, type)) continue;
        test(`${name}, ${type}`, async () => {
          const found = await solve(surface, type, { solver: row.solver, starts: [start] });
          surface.pairs.forEach(([a, b], i) => {
            const { length, status } = found[i] as Geodesic;
            const error = Math.abs(length / surface.distance(a, b) - 1);
            const cell = key(surface.name, row.name, type);
            worst.set(cell, Math.max(error, worst.get(cell) ?? 0));
            expect(error).toBeLessThan(row.tolerance[type]);
            if (row.solver.kind === "local") expect(status).toBe("converged");
          });
        });
      }
  });
});

describe("the error of the length falls with the fourth power of the step, or faster", () => {
  for (const { name, solver } of solvers.filter(({ solver }) => solver.kind === "local"))
    test(name, async () => {
      const error = async (segments: number): Promise<number> => {
        const [geodesic] = await solve(sphere, "float64", {
          solver,
          starts: [straight],
          segments: { first: segments, most: segments },
          tolerance: 1e-12,
        });
        const [a, b] = sphere.pairs[0] as (typeof sphere.pairs)[0];
        return Math.abs((geodesic as Geodesic).length - sphere.distance(a, b));
      };
      const [coarse, fine] = [await error(8), await error(16)];
      expect(Math.log2(coarse / fine)).toBeGreaterThan(3.5);
    });
});

/** 3e-9 */
const rounded = (error: number | undefined): string =>
  error === undefined ? "n/a" : error < 1e-15 ? "0" : error.toExponential(0);

afterAll(async () => {
  await engine.dispose();
  if (!process.env.CONFORMANCE_TABLE) return;
  const head = ["surface", ...solvers.map(({ name }) => name)];
  const limits = solvers.map(
    ({ tolerance, solver }) =>
      `${solver.kind === "curves" ? "n/a" : tolerance.float64.toExponential(0)}, ${tolerance.float32.toExponential(0)}`,
  );
  const rows = surfaces.map((surface) => [
    surface.name,
    ...solvers.map(({ name }) =>
      precisions.map((type) => rounded(worst.get(key(surface.name, name, type)))).join(", "),
    ),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const table = [
    line(head),
    line(head.map(() => "---")),
    line(["tolerance", ...limits]),
    ...rows.map(line),
  ];
  console.log(table.join("\n"));
  writeFileSync(process.env.CONFORMANCE_TABLE, `${introduction}\n${table.join("\n")}\n`);
});

const introduction = `# Conformance

Written by \`npm run conformance\`. Each cell is the greatest relative error of a length against the closed
form, in float64 and in float32, over all pairs of the surface and all starts (straight, Bézier, lattice
where d = 2, graph). The paper's network has its own starts and computes in float32 only. The paraboloid's
length is known to 1e-7.
`;
