/**
 * @file Gaussian curvature, and the sectional curvature of planes in more than two dimensions.
 *
 * For a map by Gauss's equation, K det = <II(a, a), II(b, b)> - |II(a, b)|^2, with II the parts of
 * the second derivatives orthogonal to the surface, exact in any number of data dimensions. For a
 * tensor by Riemann's, from its second derivatives and three contracted Christoffel symbols.
 */
import { InputError } from "../array/errors.ts";
import { splitRows } from "../array/rows.ts";
import { innerProduct, solvePositive } from "../array/solve.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Graph } from "../graph/graph.ts";
import { graph, inline } from "../graph/graph.ts";
import { add, cast, concat, input, jvp, matmul, mul, neg, reshape, sub } from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import { connectionAt, requireSmooth } from "./christoffel.ts";
import { orthogonalParts, rowDot, smallestSquare, withoutParts } from "./density.ts";
import type { MapMetric, Metric, TensorMetric } from "./metric.ts";
import { derivative, graphOf, mapWithJacobian, unit } from "./metric.ts";

export interface CurvatureOptions {
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** [n, d] */
  readonly points: Float64Array;
  /** Two directions in latent space; the first two axes by default, which is the space for d = 2. */
  readonly plane?: readonly [readonly number[], readonly number[]];
  readonly signal?: AbortSignal;
}

/** Squares of directions that do not move the data. */
const least = 2 * smallestSquare;
/** A share of J b orthogonal to J a that is rounding. */
const singular = 1e-12;

/**
 * Curvature at points: of the surface for d = 2, of the plane's geodesics for d > 2, [n]; NaN where
 * the metric is singular. Throws `InputError` in one dimension, which has no curvature, for a plane
 * that does not fit, and for decoders with kinks.
 */
export async function curvature(options: CurvatureOptions): Promise<Float64Array> {
  const { cache, metric, points, signal } = options;
  requireSmooth("curvature", metric);
  const d = metric.dimension;
  const plane = options.plane ?? [unit(d, 0), unit(d, 1)];
  check(d, points, plane);
  const n = points.length / d;
  const direction = (axis: readonly number[]): Float64Array =>
    Float64Array.from({ length: n * d }, (_, i) => axis[i % d] as number);
  const rows = { z: points, a: direction(plane[0]), b: direction(plane[1]) };
  if (metric.kind === "map") {
    const { products } = await runRows(cache, gaussGraph(metric), rows, { signal });
    return Float64Array.from(splitRows(products as Float64Array, 4), (row) => {
      const [normal, aa, bb, whole] = row as unknown as [number, number, number, number];
      const regular = aa > least && bb > Math.max(least, singular * whole);
      return regular ? normal / (aa * bb) : Number.NaN;
    });
  }
  const terms = await runRows(cache, riemannGraph(metric), rows, { signal });
  const second = terms.second as Float64Array;
  return Float64Array.from({ length: n }, (_, i) =>
    sectional(terms.G as Float64Array, i * d * d, {
      second: second[i] as number,
      gamma: splitRows((terms.lowered as Float64Array).subarray(3 * i * d, 3 * (i + 1) * d), d),
      plane,
    }),
  );
}

/**
 * z, a and b to <II(a, a), II(b, b)> - |II(a, b)|^2, the squares of J a and of what of J b is
 * orthogonal to it, whose product is the squared area, and the square of J b: [n, 4].
 */
function gaussGraph(metric: MapMetric): Graph {
  return graphOf(metric, "gauss", (z) => {
    const [a, b] = [input("a", z.type, z.shape), input("b", z.type, z.shape)];
    const { x, columns } = mapWithJacobian(metric.map, z);
    const [alongA, alongB] = [derivative(x, z, a), derivative(x, z, b)];
    const tangents = orthogonalParts(columns);
    const normal = (u: Value, w: Value): Value => {
      const second = derivative(derivative(x, z, u), z, w);
      // Taken off twice: what is left of large tangential parts after once is their rounding.
      return withoutParts(withoutParts(second, tangents), tangents);
    };
    const [aa, ab, bb] = [normal(a, a), normal(a, b), normal(b, b)];
    const squares = orthogonalParts([alongA, alongB]).map(({ square }) => square);
    const bent = sub(rowDot(aa, bb), rowDot(ab, ab));
    const products = concat([bent, ...squares, rowDot(alongB, alongB)], 1);
    return graph([z, a, b], { products });
  });
}

/**
 * z, a and b to G, Gamma_k of (a, a), (a, b), (b, b) and the second derivatives
 * ab G(a, b) - (aa G(b, b) + bb G(a, a)) / 2.
 */
function riemannGraph(metric: TensorMetric): Graph {
  return graphOf(metric, "riemann", (z) => {
    const [a, b] = [input("a", z.type, z.shape), input("b", z.type, z.shape)];
    const G = inline(metric.tensor, { z }).G as Value;
    const d = metric.dimension;
    const product = (u: Value, w: Value): Value => {
      const row = matmul(reshape(cast(u, G.type), ["n", 1, d]), G);
      return rowDot(reshape(row, ["n", d]), cast(w, G.type));
    };
    const along = (value: Value, u: Value): Value => jvp([value], [z], [u])[0] ?? mul(value, 0);
    const mixed = along(along(product(a, b), a), b);
    const pure = add(along(along(product(b, b), a), a), along(along(product(a, a), b), b));
    const { lowered } = connectionAt(metric, z, [
      [a, a],
      [a, b],
      [b, b],
    ]);
    return graph([z, a, b], { G, lowered, second: add(mixed, neg(mul(0.5, pure))) });
  });
}

interface RiemannTerms {
  readonly second: number;
  /** Of (a, a), (a, b), (b, b). */
  readonly gamma: readonly Float64Array[];
  readonly plane: readonly [readonly number[], readonly number[]];
}

/** R(a, b, b, a) over the squared area of a and b. */
function sectional(G: Float64Array, at: number, { second, gamma, plane }: RiemannTerms): number {
  const [aa, ab, bb] = gamma as [Float64Array, Float64Array, Float64Array];
  const raised = [ab, bb].map((lowered) => solvePositive(G, at, lowered));
  const [u, w] = plane;
  const area =
    innerProduct(G, at, u, u) * innerProduct(G, at, w, w) - innerProduct(G, at, u, w) ** 2;
  if (!raised[0] || !raised[1] || !(area > 0)) return Number.NaN;
  const dot = (x: Float64Array, y: Float64Array): number =>
    x.reduce((sum, value, k) => sum + value * (y[k] as number), 0);
  return (second + dot(ab, raised[0]) - dot(aa, raised[1])) / area;
}

function check(d: number, points: Float64Array, plane: readonly (readonly number[])[]): void {
  if (d < 2) throw new InputError("curvature: expected two latent dimensions or more, got 1");
  if (points.length % d !== 0)
    throw new InputError(
      `curvature: expected points of ${d} numbers each, got ${points.length} numbers`,
    );
  if (plane.some((axis) => axis.length !== d))
    throw new InputError(
      `curvature: expected a plane in ${d} latent dimensions, got directions of ${plane.map(({ length }) => length)} numbers`,
    );
}
