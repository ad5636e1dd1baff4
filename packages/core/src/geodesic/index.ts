/** @file Geodesics between points: problem, starts, solvers, solution. */
export type { GeodesicCircleOptions } from "./circle.ts";
export { geodesicCircle } from "./circle.ts";
export type { ComparedPair, CompareOptions } from "./compare.ts";
export { compareSolvers } from "./compare.ts";
export type { Connection, ConnectOptions } from "./connect.ts";
export { connect } from "./connect.ts";
export type { LadderOptions } from "./ladder.ts";
export { poleLadder } from "./ladder.ts";
export type { Logarithm, LogarithmOptions } from "./logarithm.ts";
export { logarithms } from "./logarithm.ts";
export type { SolvePairsOptions } from "./pairs.ts";
export { solvePairs, startsFor } from "./pairs.ts";
export type { ShootOptions, Shot, ShotStatus } from "./shoot.ts";
export { shoot } from "./shoot.ts";
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
export { georce } from "./solvers/georce.ts";
export type { NeuralOptions } from "./solvers/neural/options.ts";
export { neuralDefaults } from "./solvers/neural/options.ts";
export { kinkWarning, neural } from "./solvers/neural.ts";
export { newton } from "./solvers/newton.ts";
export { spline } from "./solvers/spline.ts";
export type { Transport, TransportOptions } from "./transport.ts";
export { parallelTransport, transported } from "./transport.ts";
