/** @file Geodesics between points: problem, starts, solvers, solution. */
export type { Connection, ConnectOptions } from "./connect.ts";
export { connect } from "./connect.ts";
export type { SolvePairsOptions } from "./pairs.ts";
export { solvePairs } from "./pairs.ts";
export type { Geodesic } from "./solution.ts";
export { explain, toResult } from "./solution.ts";
export type {
  CurveProblem,
  CurveSolver,
  FoundCurve,
  LocalSolver,
  Solver,
  SolverSettings,
  SolverState,
  TracePoint,
} from "./solver.ts";
export { gaussNewton } from "./solvers/gauss-newton.ts";
