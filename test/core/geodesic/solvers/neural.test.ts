import { nativeEngine } from "pullback";
import type { ConnectOptions, Geodesic, Graph, Metric, NeuralOptions, Tensor } from "pullback-core";
import {
  connect,
  decoder,
  evaluator,
  graph,
  input,
  measure,
  mul,
  neural,
  programCache,
  pullback,
  random,
  relu,
  smoothed,
  tensorFrom,
  toNumbers,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import { evenTimes, initialNetwork } from "../../../../packages/core/src/curve/network.ts";
import {
  fitGraph,
  objectiveGraph,
  pointsGraph,
} from "../../../../packages/core/src/geodesic/solvers/neural/graphs.ts";
import { validationValue } from "../../../../packages/core/src/geodesic/solvers/neural/options.ts";
import {
  halfPlane,
  linear,
  paraboloid,
  sphere,
  stereographic,
} from "../../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
/** Enough for smooth surfaces, and quick. */
const quick: NeuralOptions = { points: 60, curves: 2, pretrainIterations: 40, iterations: 100 };

async function solve(
  metric: Metric,
  pairs: readonly number[],
  neuralOptions: NeuralOptions = {},
  options: Partial<ConnectOptions> = {},
): Promise<readonly Geodesic[]> {
  const solver = neural({ ...quick, ...neuralOptions });
  const { geodesics } = await connect({
    engine,
    cache,
    metric,
    pairs: Float64Array.from(pairs),
    segments: { first: 25, most: 100 },
    ...options,
    solver,
  });
  return geodesics;
}

const sphere3 = stereographic(3, [
  [
    [0.1, 0.2, -0.3],
    [-0.4, 0.8, 0.2],
  ],
]);

describe.each([linear, sphere, sphere3, paraboloid, halfPlane])("$name", (surface) => {
  test("is within 2 % of the geodesic and never shorter", async () => {
    const pairs = surface.pairs.flat(2);
    const geodesics = await solve(surface.metric("float32"), pairs);
    geodesics.forEach((geodesic, i) => {
      const [a, b] = surface.pairs[i] as (typeof surface.pairs)[0];
      const ratio = geodesic.length / surface.distance(a, b);
      expect(ratio).toBeGreaterThan(1 - 1e-4);
      expect(ratio).toBeLessThan(1.02);
    });
  });
});

test.each([
  ["float64", undefined],
  ["float32", undefined],
  ["float32", 1],
] as const)("the smoothed metric in %s, rank %s", async (type, rank) => {
  const metric = smoothed(paraboloid.metric(type), { lambda: 1, rank });
  const pairs = [0, -1, 1, 1];
  const [paper] = (await solve(metric, pairs)) as [Geodesic];
  const fast = await connect({ engine, cache, metric, pairs: Float64Array.from(pairs) });
  const [other] = fast.geodesics as [Geodesic];
  // Both are far below the straight line, and the network's curve is not shorter than the shortest.
  expect(other.length / other.straightLength).toBeLessThan(0.7);
  expect(paper.length / other.length).toBeGreaterThan(1 - 1e-4);
  expect(paper.length / other.length).toBeLessThan(1.01);
});

describe("the graphs", () => {
  const d = 2;
  const times = evenTimes(17);
  const weights = [3, 4].map((seed) => initialNetwork(d, random(seed)));
  const from = [0.2, 0.9, -0.3, 1.4];
  const to = [0.9, 1.6, 0.8, 0.7];

  /** Value of a function of the weights, and its gradient, for two networks at once. */
  async function evaluate(
    source: Graph,
    rows: readonly Float64Array[],
    more: Readonly<Record<string, Tensor>> = {},
  ): Promise<Readonly<Record<string, number[]>>> {
    const program = await cache.program(source, 2);
    const size = rows[0]?.length as number;
    const outputs = await program.run({
      weights: tensorFrom(
        "float64",
        [2, size],
        rows.flatMap((row) => [...row]),
      ),
      from: tensorFrom("float64", [2, 1, d], from),
      to: tensorFrom("float64", [2, 1, d], to),
      ...more,
    });
    return Object.fromEntries(
      Object.entries(outputs).map(([name, values]) => [name, toNumbers(values)]),
    );
  }

  /** The gradient against central differences: some weights of each kind, and random directions. */
  async function expectGradient(
    source: Graph,
    objectiveOf: (outputs: Readonly<Record<string, number[]>>, network: number) => number,
    more: Readonly<Record<string, Tensor>> = {},
  ): Promise<void> {
    const size = weights[0]?.length as number;
    const draw = random(9, "directions");
    const single = [0, 149, 150, 299, 300, 22_799, 22_800, 22_949, 22_950, size - 2, size - 1];
    const directions = [
      ...single.map((i) => Float64Array.from({ length: size }, (_, j) => (i === j ? 1 : 0))),
      ...Array.from({ length: 3 }, () =>
        Float64Array.from({ length: size }, () => draw.normal() / 10),
      ),
    ];
    const { gradient } = await evaluate(source, weights, more);
    const h = 1e-5;
    for (const direction of directions) {
      const moved = (by: number) =>
        weights.map((row) => row.map((w, i) => w + by * (direction[i] as number)));
      const up = await evaluate(source, moved(h), more);
      const down = await evaluate(source, moved(-h), more);
      for (const network of [0, 1]) {
        const slope = (objectiveOf(up, network) - objectiveOf(down, network)) / (2 * h);
        const row = gradient?.slice(network * size, (network + 1) * size) as number[];
        const expected = row.reduce((sum, g, i) => sum + g * (direction[i] as number), 0);
        expect(Math.abs(slope - expected)).toBeLessThan(1e-6 * (1 + Math.abs(expected)));
      }
    }
  }

  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const speeds = (speed: readonly number[] | undefined, network: number): readonly number[] =>
    (speed as number[]).slice(network * times.length, (network + 1) * times.length);

  test.each([
    ["length", "additive", "a map", paraboloid],
    ["length", "paper", "a map", paraboloid],
    ["length", "additive", "a tensor", halfPlane],
    ["energy", "paper", "a tensor", halfPlane],
  ] as const)("gradient of the %s, boundary %s, of %s", async (objective, boundary, _, surface) => {
    const source = objectiveGraph(surface.metric("float64"), 2, times, boundary, objective);
    await expectGradient(source, ({ speed }, network) =>
      mean(speeds(speed, network).map((v) => (objective === "length" ? v : v * v))),
    );
  });

  test.each(["additive", "paper"] as const)(
    "gradient of the fit, boundary %s",
    async (boundary) => {
      const draw = random(5, "target");
      const target = tensorFrom(
        "float64",
        [2, times.length, d],
        Array.from({ length: 2 * times.length * d }, () => draw.normal()),
      );
      const source = fitGraph(paraboloid.metric("float64"), 2, times, boundary);
      await expectGradient(source, ({ error }, network) => error?.[network] as number, { target });
    },
  );

  test("the speeds are those of Eq. 11 on the curves of the networks", async () => {
    const metric = halfPlane.metric("float64");
    const { speed } = await evaluate(
      objectiveGraph(metric, 2, times, "additive", "length"),
      weights,
    );
    const { z, velocity } = await evaluate(pointsGraph(metric, 2, times, "additive"), weights);
    // G = I / y^2.
    const expected = Array.from({ length: 2 * times.length }, (_, i) => {
      const [v0, v1, y] = [velocity?.[2 * i], velocity?.[2 * i + 1], z?.[2 * i + 1]] as number[];
      return Math.hypot(v0 as number, v1 as number) / (y as number);
    });
    expect(speed).toEqual(expected.map((x) => expect.closeTo(x, 10)));
  });
});

test("the validation value is mean speed and a share of the greatest; infinite without numbers", () => {
  expect(validationValue([1, 2, 6], 0.5)).toBe(3 + 0.5 * 6);
  expect(validationValue([1, 2, 6], 0)).toBe(3);
  expect(validationValue([1, Number.NaN, 6], 0.5)).toBe(Number.POSITIVE_INFINITY);
});

describe("pairs", () => {
  const metric = paraboloid.metric("float32");
  const pairs = [
    [0, -1, 1, 1],
    [-0.5, 0.3, 1, -0.2],
    [0.7, 0.7, -0.9, 0.1],
  ];
  const few = { iterations: 25, pretrainIterations: 20 };
  const curves = (geodesics: readonly Geodesic[]): number[][] =>
    geodesics.map(({ curve }) => [...curve]);

  test("are solved to the same curve alone as in company", async () => {
    const together = curves(await solve(metric, pairs.flat(), few));
    for (const [i, pair] of pairs.entries()) {
      const [alone] = curves(await solve(metric, pair, few)) as [number[]];
      const apart = alone.map((x, j) => Math.abs(x - (together[i]?.[j] as number)));
      expect(Math.max(...apart)).toBeLessThan(1e-4);
    }
  });

  test("are solved to the same bits again, and to others with another seed", async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => solve(metric, pairs.flat(), few, { seed })),
    );
    expect(curves(again as Geodesic[])).toEqual(curves(first as Geodesic[]));
    expect(curves(other as Geodesic[])).not.toEqual(curves(first as Geodesic[]));
  });

  test("go through in groups, more than one program takes", async () => {
    const many = Array.from({ length: 11 }, (_, i) => pairs[i % 3] as number[]);
    const done: number[] = [];
    const geodesics = await solve(
      metric,
      many.flat(),
      { ...few, iterations: 5 },
      {
        onProgress: (share) => done.push(share),
      },
    );
    expect(geodesics).toHaveLength(11);
    geodesics.forEach(({ length, from }, i) => {
      expect([...from]).toEqual(pairs[i % 3]?.slice(0, 2));
      expect(length).toBeCloseTo(geodesics[i % 3]?.length as number, 4);
    });
    expect(done.at(-1)).toBe(1);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.length).toBeGreaterThan(6);
  });
});

test.each([
  [{ points: 0 }, "points: expected a whole number of at least 1, got 0"],
  [{ curves: 1.5 }, "curves: expected a whole number of at least 1, got 1.5"],
  [{ iterations: -1 }, "iterations: expected a whole number of at least 0, got -1"],
  [{ learningRate: Number.NaN }, "learningRate: expected a number above 0, got NaN"],
  [{ lambdaPhi: -1 }, "lambdaPhi: expected a number of at least 0, got -1"],
])("options that it cannot work with: %o", (options, message) => {
  expect(() => neural(options)).toThrow(message);
});

describe("degenerate input", () => {
  test("equal end points need no network", async () => {
    const [geodesic] = (await solve(sphere.metric("float32"), [0.3, 0.2, 0.3, 0.2])) as [Geodesic];
    expect(geodesic).toMatchObject({ length: 0, status: "converged", iterations: 0 });
  });

  test("one latent dimension: the curve is the interval", async () => {
    const z = input("z", "float32", ["n", 1]);
    const metric = pullback(decoder(graph([z], { mean: mul(z, 3) })));
    const [geodesic] = (await solve(metric, [-1, 1])) as [Geodesic];
    expect(geodesic.length).toBeCloseTo(6, 4);
  });

  test("a coordinate that both ends share is frozen with the paper's boundary, and only with it", async () => {
    // The geodesic of the half-plane between points of one height rises above them.
    const ends = [0, 1, 2, 1];
    const metric = halfPlane.metric("float32");
    const [paper] = (await solve(metric, ends, { boundary: "paper" })) as [Geodesic];
    expect(paper.curve.filter((_, i) => i % 2 === 1).every((y) => y === 1)).toBe(true);
    expect(paper.length).toBeCloseTo(2, 4);
    const [additive] = (await solve(metric, ends)) as [Geodesic];
    expect(additive.length / halfPlane.distance([0, 1], [2, 1])).toBeLessThan(1.02);
  });
});

describe("the answer", () => {
  test("has a status that the residual bears out", async () => {
    const metric = sphere.metric("float32");
    const ends = [0, -1, 0.5, 0.5];
    const [short] = (await solve(metric, ends, { iterations: 3 })) as [Geodesic];
    expect(short).toMatchObject({ status: "maxIterations", iterations: 3, start: "bezier" });
    expect(short.message).toMatch(/after 3 iterations/);
    const [long] = (await solve(metric, ends, { iterations: 1000 }, { tolerance: 1e-2 })) as [
      Geodesic,
    ];
    expect(long.status).toBe("converged");
    expect(long.iterations).toBeLessThan(1000);
    expect(long.residual / 2).toBeLessThan(1e-2);
    // Half the residual is what the length still lacks, about.
    const lacks = short.length / sphere.distance([0, -1], [0.5, 0.5]) - 1;
    expect(short.residual / 2 / lacks).toBeGreaterThan(0.3);
    expect(short.residual / 2 / lacks).toBeLessThan(1.5);
  });

  test("says what kinks take from it (App. B)", async () => {
    const z = input("z", "float32", ["n", 2]);
    const metric = pullback(decoder(graph([z], { mean: relu(z) })));
    const [geodesic] = (await solve(metric, [0.2, 0.1, 1, 2], { iterations: 2 })) as [Geodesic];
    expect(geodesic.message).toMatch(/App\. B/);
    // In the plane no curve is shorter than the straight line.
    expect(geodesic).toMatchObject({
      start: "straight",
      length: expect.closeTo(Math.hypot(0.8, 1.9), 4),
    });
  });

  test("keeps a trace that is measured as its length is", async () => {
    const metric = paraboloid.metric("float32");
    const [geodesic] = (await solve(metric, [0, -1, 1, 1], { traceEvery: 10, iterations: 50 })) as [
      Geodesic,
    ];
    const trace = geodesic.trace ?? [];
    expect(trace.map(({ iteration }) => iteration)).toEqual([0, 10, 20, 30, 40, 50]);
    trace.slice(1).forEach(({ seconds }, i) => {
      expect(seconds).toBeGreaterThan(trace[i]?.seconds as number);
    });
    const [measured] = await measure(evaluator(cache, metric), [geodesic.curve], 1e-4);
    expect(trace.at(-1)?.length).toBeCloseTo(geodesic.length, 4);
    expect(measured?.length).toBeCloseTo(geodesic.length, 4);
    expect(trace.at(-1)?.length).toBeLessThan(trace[0]?.length as number);
  });

  test("stops when it is aborted", async () => {
    const abort = new AbortController();
    const solving = solve(
      sphere.metric("float32"),
      [0, -1, 0.5, 0.5],
      { iterations: 100_000 },
      { tolerance: 1e-12, signal: abort.signal, onProgress: () => abort.abort() },
    );
    await expect(solving).rejects.toThrow(/abort/i);
  });
});
