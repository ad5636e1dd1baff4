/** @file The surfaces of the conformance suite: those of the reference, and the same in other charts. */
import type { Value } from "pullback-core";
import {
  concat,
  constant,
  cos,
  div,
  graph,
  input,
  mul,
  reshape,
  sin,
  tensorFrom,
  tensorMetric,
} from "pullback-core";
import type { Surface } from "../reference/surfaces.ts";
import {
  asTensor,
  coordinate,
  halfPlane,
  linear,
  paraboloid,
  sphere,
  stereographic,
  surface,
  swissRoll,
  torus,
} from "../reference/surfaces.ts";

const flat = surface("plane", 2, (z) => mul(z, 1), {
  distance: (a, b) => Math.hypot(...a.map((x, k) => x - (b[k] as number))),
  pairs: [
    [
      [0.3, -1],
      [2, 1.5],
    ],
  ],
});

const [theta, phi] = [(z: Value) => coordinate(z, 0), (z: Value) => coordinate(z, 1)];

/** Longitude and latitude: curves towards a pole meet a chart that shrinks. */
const longitudes = surface(
  "sphere, longitude and latitude",
  2,
  (z) => concat([mul(cos(phi(z)), cos(theta(z))), mul(cos(phi(z)), sin(theta(z))), sin(phi(z))], 1),
  {
    distance: ([t1, p1], [t2, p2]) => {
      const [a, b, c, e] = [t1, p1, t2, p2] as [number, number, number, number];
      return Math.acos(Math.sin(b) * Math.sin(e) + Math.cos(b) * Math.cos(e) * Math.cos(a - c));
    },
    pairs: [
      [
        [0, 0.2],
        [1.5, 0.9],
      ],
      [
        [-1.2, 1.1],
        [1.2, 1.2],
      ],
    ],
  },
);

const cylinder = surface("cylinder", 2, (z) => concat([cos(theta(z)), sin(theta(z)), phi(z)], 1), {
  distance: flat.distance,
  pairs: [
    [
      [0, 0],
      [2.6, 1.5],
    ],
  ],
});

/** Normal distributions by mean and standard deviation: ds^2 = (dm^2 + 2 ds^2) / s^2. */
const normals: Surface = {
  name: "normal distributions (Fisher-Rao)",
  d: 2,
  metric(type) {
    const z = input("z", type, ["n", 2]);
    const sigma = coordinate(z, 1);
    const weights = constant(tensorFrom(type, [1, 2, 2], [1, 0, 0, 2]));
    const G = div(weights, reshape(mul(sigma, sigma), ["n", 1, 1]));
    return tensorMetric("Fisher-Rao of normals", graph([z], { G }));
  },
  distance: ([m1, s1], [m2, s2]) => {
    const [a, b, c, e] = [m1, s1, m2, s2] as [number, number, number, number];
    return Math.SQRT2 * Math.acosh(1 + ((a - c) ** 2 / 2 + (b - e) ** 2) / (2 * b * e));
  },
  pairs: [
    [
      [0, 1],
      [1.5, 2],
    ],
    [
      [-1, 0.5],
      [1, 0.6],
    ],
  ],
};

/** Points of a sphere of any dimension in the stereographic chart. */
const highSphere = (d: number): Surface =>
  stereographic(d, [
    [
      Array.from({ length: d }, (_, k) => 0.5 * Math.sin(k + 1)),
      Array.from({ length: d }, (_, k) => 0.4 * Math.cos(2 * k)),
    ],
  ]);

const asTensors = (surface: Surface): Surface => ({
  ...surface,
  name: `${surface.name}, as a tensor`,
  metric: (type) => asTensor(surface.metric(type)),
});

export const surfaces: readonly Surface[] = [
  flat,
  linear,
  sphere,
  longitudes,
  asTensors(sphere),
  highSphere(3),
  highSphere(10),
  swissRoll,
  torus,
  cylinder,
  paraboloid,
  halfPlane,
  normals,
];
