/** @file Surfaces whose geodesics are known in closed form, as maps or as tensors. */
import type { FloatType, Graph, Metric, Value } from "pullback-core";
import {
  add,
  concat,
  constant,
  cos,
  decoder,
  div,
  graph,
  input,
  matmul,
  mul,
  pullback,
  reduceSum,
  reshape,
  sin,
  slice,
  sub,
  tensorFrom,
  tensorMetric,
} from "pullback-core";
import { tensorGraph } from "../../packages/core/src/metric/metric.ts";

export interface Surface {
  readonly name: string;
  readonly d: number;
  metric(type: FloatType): Metric;
  /** Length of the geodesic between two points. */
  distance(a: readonly number[], b: readonly number[]): number;
  /** Closed form of MF, where there is one. */
  magnification?(z: readonly number[]): number;
  /** Pairs whose geodesic the chart contains. */
  readonly pairs: readonly (readonly [readonly number[], readonly number[]])[];
}

export const coordinate = (z: Value, k: number): Value => slice(z, 1, k, k + 1);

export function surface(
  name: string,
  d: number,
  map: (z: Value) => Value,
  rest: Omit<Surface, "name" | "d" | "metric">,
): Surface {
  const build = (type: FloatType): Graph => {
    const z = input("z", type, ["n", d]);
    return graph([z], { mean: map(z) });
  };
  return { name, d, metric: (type) => pullback(decoder(build(type))), ...rest };
}

const euclid = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((x, k) => x - (b[k] as number)));

const W = [
  [1, 0.5, -0.25, 2],
  [-0.5, 1.5, 1, 0.25],
];
const throughW = (z: readonly number[]): number[] =>
  [0, 1, 2, 3].map((j) => z.reduce((sum, x, k) => sum + x * ((W[k] as number[])[j] as number), 0));

export const linear = surface(
  "linear",
  2,
  (z) => add(matmul(z, constant(tensorFrom(z.type, [2, 4], W.flat()))), 0.5),
  {
    distance: (a, b) => euclid(throughW(a), throughW(b)),
    magnification: () => {
      const dot = (i: number, j: number): number =>
        (W[i] as number[]).reduce((sum, w, k) => sum + w * ((W[j] as number[])[k] as number), 0);
      return Math.sqrt(dot(0, 0) * dot(1, 1) - dot(0, 1) ** 2);
    },
    pairs: [
      [
        [0, 0],
        [1, 2],
      ],
      [
        [-1, 0.5],
        [2, -0.25],
      ],
    ],
  },
);

/** The inverse of stereographic projection: x = (1 - |z|^2, 2 z) / (1 + |z|^2). */
const onSphere = (z: readonly number[]): number[] => {
  const square = z.reduce((sum, x) => sum + x * x, 0);
  return [1 - square, ...z.map((x) => 2 * x)].map((x) => x / (1 + square));
};

export const stereographic = (d: number, pairs: Surface["pairs"]): Surface =>
  surface(
    `sphere S^${d}, stereographic`,
    d,
    (z) => {
      const square = reduceSum(mul(z, z), [1], true);
      return div(concat([sub(1, square), mul(z, 2)], 1), add(square, 1));
    },
    {
      distance: (a, b) => {
        const y = onSphere(b);
        return Math.acos(onSphere(a).reduce((sum, x, k) => sum + x * (y[k] as number), 0));
      },
      magnification: (z) => (2 / (1 + z.reduce((sum, x) => sum + x * x, 0))) ** d,
      pairs,
    },
  );

export const sphere = stereographic(2, [
  [
    [0, -1],
    [0.5, 0.5],
  ],
  [
    [0.3, 0.1],
    [-0.4, 0.8],
  ],
  [
    [1, 0.2],
    [-0.5, -0.6],
  ],
]);

export const torus = surface(
  "Clifford torus",
  2,
  (z) => {
    const [u, v] = [coordinate(z, 0), coordinate(z, 1)];
    return concat([cos(u), sin(u), cos(v), sin(v)], 1);
  },
  {
    distance: euclid,
    magnification: () => 1,
    pairs: [
      [
        [0.2, -0.4],
        [1.5, 1.9],
      ],
      [
        [0, 0],
        [2.5, 0.5],
      ],
    ],
  },
);

const rollLength = (t: number): number => (t * Math.sqrt(1 + t * t) + Math.asinh(t)) / 2;

export const swissRoll = surface(
  "swiss roll",
  2,
  (z) => {
    const [t, h] = [coordinate(z, 0), coordinate(z, 1)];
    return concat([mul(t, cos(t)), h, mul(t, sin(t))], 1);
  },
  {
    distance: (a, b) =>
      Math.hypot(
        rollLength(b[0] as number) - rollLength(a[0] as number),
        (b[1] as number) - (a[1] as number),
      ),
    magnification: ([t]) => Math.sqrt(1 + (t as number) ** 2),
    pairs: [
      [
        [2, 0],
        [6, 3],
      ],
      [
        [4, -1],
        [9, 5],
      ],
    ],
  },
);

/** One pair has its length from a reference computation, good to 1e-7. */
export const paraboloid = surface(
  "paraboloid",
  2,
  (z) => concat([z, reduceSum(mul(z, z), [1], true)], 1),
  {
    distance: () => 2.9285257,
    magnification: (z) => Math.sqrt(1 + 4 * z.reduce((sum, x) => sum + x * x, 0)),
    pairs: [
      [
        [0, -1],
        [1, 1],
      ],
    ],
  },
);

/** G = I / y^2: the hyperbolic plane, which no short formula embeds. */
export const halfPlane: Surface = {
  name: "half-plane",
  d: 2,
  metric(type) {
    const z = input("z", type, ["n", 2]);
    const y = coordinate(z, 1);
    const identity = constant(tensorFrom(type, [1, 2, 2], [1, 0, 0, 1]));
    const G = div(identity, reshape(mul(y, y), ["n", 1, 1]));
    return tensorMetric("half-plane", graph([z], { G }));
  },
  distance: ([x1, y1], [x2, y2]) =>
    Math.acosh(
      1 +
        (((x2 as number) - (x1 as number)) ** 2 + ((y2 as number) - (y1 as number)) ** 2) /
          (2 * (y1 as number) * (y2 as number)),
    ),
  pairs: [
    [
      [0, 1],
      [1, 1],
    ],
    [
      [-0.5, 0.6],
      [0.8, 2],
    ],
  ],
};

/** Stereographic image of x on the sphere: x_k / (1 + x_0). */
const fromSphere = (x: readonly number[]): number[] =>
  x.slice(1).map((value) => value / (1 + (x[0] as number)));

/** Exponential map of `stereographic`: great circles, x cos s + t sin s. */
export function sphereExponential(z: readonly number[], v: readonly number[]): number[] {
  const x = onSphere(z);
  const square = z.reduce((sum, value) => sum + value * value, 0);
  const along = z.reduce((sum, value, k) => sum + value * (v[k] as number), 0);
  // The derivative of the projection along v.
  const moved = [-2 * along, ...v.map((value) => 2 * value)].map(
    (value, k) => (value - 2 * along * (x[k] as number)) / (1 + square),
  );
  const speed = Math.hypot(...moved);
  if (speed === 0) return [...z];
  return fromSphere(
    x.map((value, k) => value * Math.cos(speed) + ((moved[k] as number) / speed) * Math.sin(speed)),
  );
}

/** Exponential map of `halfPlane`: the upward ray from i, turned about i by a Moebius map. */
export function halfPlaneExponential(
  [x = 0, y = 1]: readonly number[],
  [u = 0, v = 0]: readonly number[],
): number[] {
  const rise = Math.exp(Math.hypot(u, v) / y);
  const half = (Math.atan2(v, u) - Math.PI / 2) / 2;
  const [c, s] = [Math.cos(half), Math.sin(half)];
  // (c w + s) / (c - s w) at w = i rise.
  const size = c * c + s * s * rise * rise;
  return [x + (y * c * s * (1 - rise * rise)) / size, y * (rise / size)];
}

/** A torus of radii 2 and 1 in space, (u, v) around and through; no closed form of distances. */
export function ringTorus(type: FloatType): Metric {
  const z = input("z", type, ["n", 2]);
  const [u, v] = [coordinate(z, 0), coordinate(z, 1)];
  const radius = add(2, cos(v));
  const mean = concat([mul(radius, cos(u)), mul(radius, sin(u)), sin(v)], 1);
  return pullback(decoder(graph([z], { mean })));
}

/** The same metric given as its tensor. */
export function asTensor(metric: Metric): Metric {
  return tensorMetric(`${metric.name}, as a tensor`, tensorGraph(metric));
}
