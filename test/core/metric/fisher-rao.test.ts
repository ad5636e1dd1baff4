/**
 * Tolerances: metric tensors against their textbook form 1e-10 in float64; distances of normal,
 * Bernoulli and categorical distributions 1e-6, relative.
 */
import { nativeEngine } from "pullback";
import type { Decoder, FloatType, Geodesic, Metric, Value } from "pullback-core";
import {
  add,
  concat,
  connect,
  constant,
  decoder,
  evaluator,
  fisherRao,
  graph,
  input,
  matmul,
  mul,
  programCache,
  reshape,
  sigmoid,
  slice,
  softmax,
  square,
  straight,
  tanh,
  tensorFrom,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const W = [0.7, -1.2, 0.4, 2, 0.3, 0.9, -1.5, 0.2];

function made(
  build: (z: Value) => Readonly<Record<string, Value>>,
  type: FloatType = "float64",
): Decoder {
  const z = input("z", type, ["n", 2]);
  return decoder(graph([z], build(z)));
}
/** Scores [n, 4], linear in z. */
const scores = (z: Value): Value =>
  add(matmul(z, constant(tensorFrom(z.type as FloatType, [2, 4], W))), 0.3);
const scoresAt = ([x, y]: readonly number[]): number[] =>
  [0, 1, 2, 3].map(
    (j) => (x as number) * (W[j] as number) + (y as number) * (W[4 + j] as number) + 0.3,
  );

const tensorAt = async (metric: Metric, z: readonly number[]): Promise<number[]> => [
  ...(await evaluator(cache, metric).tensors(Float64Array.from(z))),
];

async function distance(metric: Metric, pair: readonly number[]): Promise<number> {
  const pairs = Float64Array.from(pair);
  const options = { metric, pairs, tolerance: 1e-7, starts: [straight] };
  const { geodesics } = await connect({ engine, cache, ...options });
  const [geodesic] = geodesics as [Geodesic];
  expect(geodesic.status).toBe("converged");
  return geodesic.length;
}

/** sum_j a_j W_kj W_lj */
const weighted = (a: readonly number[]): number[] =>
  [0, 1].flatMap((k) =>
    [0, 1].map((l) =>
      a.reduce((sum, x, j) => sum + x * (W[4 * k + j] as number) * (W[4 * l + j] as number), 0),
    ),
  );

function near(got: readonly number[], expected: readonly number[], allowed: number): void {
  expected.forEach((x, k) => {
    expect(Math.abs((got[k] as number) - x), `${got} for ${expected}`).toBeLessThan(allowed);
  });
}

describe("Bernoulli", () => {
  const points = [
    [0.4, -0.7],
    [3, 2],
  ];

  test("is J^T diag(1 / (p (1 - p))) J, with logits in the graph or without", async () => {
    const plain = made((z) => ({ mean: sigmoid(scores(z)) }));
    const shaped = made((z) => ({
      mean: reshape(reshape(sigmoid(scores(z)), ["n", 2, 2]), ["n", 4]),
    }));
    // sigmoid(l) = (1 + tanh(l / 2)) / 2, which hides the logits.
    const hidden = made((z) => ({ mean: mul(0.5, add(1, tanh(mul(0.5, scores(z))))) }));
    for (const [decoder, allowed] of [
      [plain, 1e-12],
      [shaped, 1e-12],
      [hidden, 1e-9],
    ] as const)
      for (const z of points) {
        const p = scoresAt(z).map((l) => 1 / (1 + Math.exp(-l)));
        const expected = weighted(p.map((x) => x * (1 - x)));
        const metric = fisherRao(decoder, { likelihood: "bernoulli" });
        near(await tensorAt(metric, z), expected, allowed);
      }
  });

  test("one variable: distances are differences of 2 asin(sqrt p)", async () => {
    const metric = fisherRao(
      made((z) => ({ mean: sigmoid(slice(z, 1, 0, 1)) })),
      { likelihood: "bernoulli" },
    );
    const angle = (l: number): number => 2 * Math.asin(Math.sqrt(1 / (1 + Math.exp(-l))));
    expect(await distance(metric, [-3, 0, 2, 0])).toBeCloseTo(angle(2) - angle(-3), 7);
  });

  test.each(["float32", "float64"] as const)("stays finite where p saturates, %s", async (type) => {
    const metrics = [
      made((z) => ({ mean: sigmoid(mul(1000, scores(z))) }), type),
      made((z) => ({ mean: mul(0.5, add(1, tanh(mul(1000, scores(z))))) }), type),
    ].map((decoder) => fisherRao(decoder, { likelihood: "bernoulli" }));
    for (const metric of metrics)
      for (const z of points)
        for (const entry of await tensorAt(metric, z)) expect(Math.abs(entry)).toBeLessThan(1e3);
  });
});

describe("categorical", () => {
  test("is J^T diag(1 / p) J, from a softmax or from probabilities", async () => {
    const plain = made((z) => ({ mean: softmax(scores(z)) }));
    const hidden = made((z) => ({ mean: add(softmax(scores(z)), 0) }));
    for (const decoder of [plain, hidden]) {
      const z = [0.4, -0.7];
      const weights = scoresAt(z).map(Math.exp);
      const total = weights.reduce((a, b) => a + b);
      const p = weights.map((w) => w / total);
      const mean = [0, 1].map((k) => p.reduce((s, x, j) => s + x * (W[4 * k + j] as number), 0));
      const outer = [0, 1].flatMap((k) => [0, 1].map((l) => (mean[k] ?? 0) * (mean[l] ?? 0)));
      const expected = weighted(p).map((x, i) => x - (outer[i] as number));
      near(await tensorAt(fisherRao(decoder, { likelihood: "categorical" }), z), expected, 1e-12);
    }
  });

  test("of three classes is a sphere of radius 2", async () => {
    const metric = fisherRao(
      made((z) => ({ mean: softmax(concat([z, mul(0, slice(z, 1, 0, 1))], 1)) })),
      { likelihood: "categorical" },
    );
    const p = (z: readonly number[]): number[] => {
      const weights = [...z, 0].map(Math.exp);
      return weights.map((w) => w / weights.reduce((a, b) => a + b));
    };
    const [a, b] = [
      [1, -1],
      [-2, 0.5],
    ] as const;
    const q = p(b);
    const cosine = p(a).reduce((sum, x, j) => sum + Math.sqrt(x * (q[j] as number)), 0);
    expect(await distance(metric, [...a, ...b])).toBeCloseTo(2 * Math.acos(cosine), 6);
  });
});

describe("Gaussian", () => {
  const bare = made((z) => ({ mean: scores(z) }));

  test("of constant sigma is the pull-back over sigma", async () => {
    const [one, each] = [0.5, [0.5, 1, 2, 4]];
    const z = [0.4, -0.7];
    const metric = (sigma: number | number[]) => fisherRao(bare, { likelihood: "gaussian", sigma });
    near(await tensorAt(metric(one), z), weighted([4, 4, 4, 4]), 1e-12);
    near(await tensorAt(metric(each), z), weighted(each.map((s) => 1 / s ** 2)), 1e-12);
    const variance = (z: Value): Value =>
      add(mul(0, constant(tensorFrom(z.type as FloatType, [1, 4], [1, 1, 1, 1]))), 0.25);
    const known = fisherRao(
      made((z) => ({ mean: scores(z), variance: variance(z) })),
      { likelihood: "gaussian" },
    );
    expect(known.kind).toBe("map");
    near(await tensorAt(known, z), weighted([4, 4, 4, 4]), 1e-12);
  });

  test("of mean and sigma both free: the distances of normal distributions", async () => {
    const metric = fisherRao(
      made((z) => ({ mean: slice(z, 1, 0, 1), variance: square(slice(z, 1, 1, 2)) })),
      { likelihood: "gaussian" },
    );
    expect(metric.kind).toBe("tensor");
    near(await tensorAt(metric, [3, 0.5]), [4, 0, 0, 8], 1e-12);
    for (const [m1, s1, m2, s2] of [
      [0, 1, 1, 1],
      [-0.5, 0.6, 0.8, 2],
    ] as const) {
      const argument = 1 + ((m1 - m2) ** 2 / 2 + (s1 - s2) ** 2) / (2 * s1 * s2);
      const expected = Math.SQRT2 * Math.acosh(argument);
      expect(await distance(metric, [m1, s1, m2, s2])).toBeCloseTo(expected, 6);
    }
  });

  test("of one sigma for all of the data counts it once for each", async () => {
    const metric = fisherRao(
      made((z) => ({ mean: scores(z), variance: square(slice(z, 1, 1, 2)) })),
      { likelihood: "gaussian" },
    );
    const G = weighted([4, 4, 4, 4]);
    near(
      await tensorAt(metric, [0.4, 0.5]),
      [G[0] ?? 0, G[1] ?? 0, G[2] ?? 0, (G[3] ?? 0) + 32],
      1e-10,
    );
  });

  test("without sigma or with one that does not fit is refused", () => {
    const of = (sigma?: number | number[]) => () =>
      fisherRao(bare, { likelihood: "gaussian", sigma });
    expect(of()).toThrow("expected a decoder with an output variance, or sigma; got neither");
    expect(of(0)).toThrow("expected sigma above 0, one number or 4, got 1 from 0 to 0");
    expect(of([1, 2])).toThrow("got 2 from 1 to 2");
  });
});
