import fc from "fast-check";
import { nativeEngine } from "pullback";
import type { ConnectOptions, Geodesic, MapMetric, Value } from "pullback-core";
import {
  add,
  concat,
  connect,
  constant,
  decoder,
  explain,
  graph,
  graphStart,
  gridStart,
  inline,
  input,
  log,
  matmul,
  mul,
  pullback,
  relu,
  slice,
  square,
  straight,
  tensorFrom,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import { sphere, torus } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });

async function solve(
  metric: ConnectOptions["metric"],
  pairs: readonly number[],
  options: Partial<ConnectOptions> = {},
): Promise<readonly Geodesic[]> {
  const starts = options.starts ?? [straight];
  const tolerance = 1e-7;
  return (
    await connect({
      engine,
      metric,
      pairs: Float64Array.from(pairs),
      tolerance,
      ...options,
      starts,
    })
  ).geodesics;
}

const mapOf = (d: number, build: (z: Value) => Value): MapMetric => {
  const z = input("z", "float64", ["n", d]);
  return pullback(decoder(graph([z], { mean: build(z) })));
};
const at = (z: Value, k: number): Value => slice(z, 1, k, k + 1);

describe("the certificate", () => {
  test.each([1e-2, 1e-3, 1e-5, 1e-7])(
    "says how far the length is from the truth at most: nodes and residual, tolerance %d",
    async (tolerance) => {
      const pairs = [0, -1, 0.5, 0.5, -0.3, 0.2, 0.9, -0.4, 1.5, 0.1, -0.4, 1.2];
      const onSphere = (u: number, v: number): number[] => {
        const s = u * u + v * v;
        return [2 * u, 2 * v, 1 - s].map((x) => x / (1 + s));
      };
      const found = await solve(sphere.metric("float64"), pairs, { tolerance });
      found.forEach(({ from, to, length, discretisationError, residual }) => {
        const [a, b] = [from, to].map(([u, v]) => onSphere(u as number, v as number));
        const cosine = (a as number[]).reduce((sum, x, i) => sum + x * (b?.[i] as number), 0);
        const error = Math.abs(length / Math.acos(cosine) - 1);
        expect(discretisationError).toBeLessThanOrEqual(tolerance);
        // What a step of Gauss and Newton still promises is a little less than what is left.
        expect(error).toBeLessThan(discretisationError + 2 * residual + 1e-9);
      });
    },
  );

  test("bounds the length from both sides and says how the curve runs", async () => {
    const [geodesic] = (await solve(sphere.metric("float64"), [0, -1, 0.5, 0.5])) as [Geodesic];
    const angle = 2.300523984;
    expect(geodesic.length).toBeCloseTo(angle, 7);
    expect(geodesic.chordLength).toBeCloseTo(2 * Math.sin(angle / 2), 8);
    expect(geodesic.straightLength).toBeGreaterThan(geodesic.length);
    expect(geodesic.discretisationError).toBeLessThan(1e-7);
    expect(geodesic.residual).toBeLessThan(1e-8);
    expect(geodesic.speedSpread).toBeLessThan(1.01);
    expect(geodesic.localMinimum).toBe(true);
    expect(geodesic.message).toBe(explain("converged"));
    const mean = geodesic.velocity.reduce((a, b) => a + b) / geodesic.velocity.length;
    expect(mean).toBeCloseTo(geodesic.length, 3);
  });

  test("knows how the length changes with its ends", async () => {
    const ends = [0.3, 0.1, -0.4, 0.8];
    const [geodesic] = (await solve(sphere.metric("float64"), ends)) as [Geodesic];
    const gradient = [...geodesic.gradientFrom, ...geodesic.gradientTo];
    const h = 1e-5;
    ends.forEach((_, i) => {
      const moved = (by: number): number[] => ends.map((x, j) => (i === j ? x + by : x));
      const length = (e: number[]): number => sphere.distance(e.slice(0, 2), e.slice(2));
      const slope = (length(moved(h)) - length(moved(-h))) / (2 * h);
      expect(gradient[i]).toBeCloseTo(slope, 3);
    });
  });

  test("has no inertia to show on a decoder with kinks", async () => {
    const kinked = mapOf(2, (z) => concat([relu(z), mul(z, 0.5)], 1));
    const [geodesic] = (await solve(kinked, [-1, 0.5, 1, 0.25], { tolerance: 1e-3 })) as [Geodesic];
    expect(geodesic.localMinimum).toBeNull();
    // Both coordinates bend only at zero, so the straight line in the first is shortest.
    expect(geodesic.length).toBeLessThanOrEqual(geodesic.straightLength);
    expect(geodesic.length).toBeGreaterThanOrEqual(geodesic.chordLength);
  });
});

describe("degenerate input", () => {
  test("equal end points have distance zero", async () => {
    const [geodesic, other] = (await solve(
      sphere.metric("float64"),
      [1, 2, 1, 2, 0, -1, 0.5, 0.5],
    )) as [Geodesic, Geodesic];
    expect(geodesic).toMatchObject({
      length: 0,
      straightLength: 0,
      chordLength: 0,
      status: "converged",
      message: "The end points are equal.",
    });
    expect([...geodesic.gradientFrom, ...geodesic.gradientTo]).toEqual([0, 0, 0, 0]);
    expect(other.length).toBeCloseTo(2.300523984, 7);
  });

  test("a pair that is given twice gets the same answer twice", async () => {
    const [a, b] = (await solve(sphere.metric("float32"), [0, -1, 0.5, 0.5, 0, -1, 0.5, 0.5])) as [
      Geodesic,
      Geodesic,
    ];
    expect([...a.curve]).toEqual([...b.curve]);
  });

  test("one latent dimension, one output: the only way is the straight one", async () => {
    const metric = mapOf(1, (z) => mul(z, square(z)));
    const [geodesic] = (await solve(metric, [0.5, 2])) as [Geodesic];
    expect(geodesic.length).toBeCloseTo(8 - 0.125, 6);
    expect(geodesic.status).toBe("converged");
  });

  test("a Jacobian without full rank leaves a direction free", async () => {
    const metric = mapOf(2, (z) => concat([at(z, 0), mul(at(z, 0), 2)], 1));
    const [geodesic] = (await solve(metric, [0, 0, 1, 5])) as [Geodesic];
    expect(geodesic.length).toBeCloseTo(Math.sqrt(5), 7);
    expect(geodesic.status).toBe("converged");
  });

  test("a decoder that is constant has no distances", async () => {
    const metric = mapOf(2, (z) => add(mul(z, 0), constant(tensorFrom("float64", [2], [1, 2]))));
    const [geodesic] = (await solve(metric, [0, 0, 1, 5])) as [Geodesic];
    expect(geodesic).toMatchObject({ length: 0, status: "converged" });
  });

  test("a decoder that is not finite between the points says so", async () => {
    const metric = mapOf(1, (z) => log(z));
    const [bad, good] = (await solve(metric, [-1, 1, 1, Math.E])) as [Geodesic, Geodesic];
    expect(bad.status).toBe("nonFinite");
    expect(bad.message).toMatch(
      /First: node Log_0, Log\(float64\[\d+, 1\]\), of \[\d+, 1\] is NaN at \[0, 0\]/,
    );
    expect(good.status).toBe("converged");
    expect(good.length).toBeCloseTo(1, 7);
  });

  test("running out of iterations is said, with advice", async () => {
    const [geodesic] = (await solve(sphere.metric("float64"), [0, -1, 0.5, 0.5], {
      maxIterations: 1,
    })) as [Geodesic];
    expect(geodesic.status).toBe("maxIterations");
    expect(geodesic.message).toMatch(/allow more iterations/);
    expect(geodesic.length).toBeLessThanOrEqual(geodesic.straightLength);
  });

  test.each([
    [[], "expected pairs of 2 x 2 numbers, got 0 numbers"],
    [[1, 2, 3], "expected pairs of 2 x 2 numbers, got 3 numbers"],
    [[1, 2, 3, Number.NaN], "expected finite numbers, got NaN in pair 0"],
  ])("pairs %j are refused", async (pairs, message) => {
    await expect(solve(sphere.metric("float64"), pairs)).rejects.toThrow(message);
  });

  test("a signal stops the work", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(solve(sphere.metric("float64"), [0, -1, 0.5, 0.5], { signal })).rejects.toThrow(
      "enough",
    );
  });
});

describe("invariants", () => {
  const point = fc.tuple(
    fc.double({ min: -1.2, max: 1.2, noNaN: true }),
    fc.double({ min: -1.2, max: 1.2, noNaN: true }),
  );
  const few = { numRuns: 12, seed: 4 };

  test("distances are symmetric, between chord and straight line, and meet the triangle inequality", async () => {
    await fc.assert(
      fc.asyncProperty(point, point, point, async (a, b, c) => {
        const pairs = [...a, ...b, ...b, ...a, ...b, ...c, ...a, ...c];
        const solved = await solve(sphere.metric("float64"), pairs);
        const [ab, ba, bc, ac] = solved.map(({ length }) => length) as [
          number,
          number,
          number,
          number,
        ];
        expect(ab).toBeCloseTo(ba, 6);
        expect(ac).toBeLessThanOrEqual(ab + bc + 1e-6);
        for (const { length, chordLength, straightLength } of solved) {
          expect(length).toBeGreaterThanOrEqual(chordLength * (1 - 1e-9));
          expect(length).toBeLessThanOrEqual(straightLength);
        }
      }),
      few,
    );
  });

  test("a linear change of latent coordinates and a rotation of the data leave distances, scaling multiplies them", async () => {
    const { map } = sphere.metric("float64") as MapMetric;
    const A = [1.5, 0.4, -0.3, 0.8];
    const determinant = 1.5 * 0.8 + 0.4 * 0.3;
    const inverse = [0.8, -0.4, 0.3, 1.5].map((x) => x / determinant);
    const matrix = (numbers: number[], side: number): Value =>
      constant(tensorFrom("float64", [side, side], numbers));
    const sphereOf = (z: Value): Value => inline(map, { z }).x as Value;
    const changed = mapOf(2, (z) => sphereOf(matmul(z, matrix(A, 2))));
    const rotation = matrix([0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1], 3);
    const turned = mapOf(2, (z) => add(mul(matmul(sphereOf(z), rotation), 3), 7));
    await fc.assert(
      fc.asyncProperty(point, point, async (a, b) => {
        const through = ([x, y]: readonly [number, number]): number[] => [
          x * (inverse[0] as number) + y * (inverse[2] as number),
          x * (inverse[1] as number) + y * (inverse[3] as number),
        ];
        const expected = sphere.distance(a, b);
        const [moved] = (await solve(changed, [...through(a), ...through(b)])) as [Geodesic];
        expect(moved.length).toBeCloseTo(expected, 6);
        const [scaled] = (await solve(turned, [...a, ...b])) as [Geodesic];
        expect(scaled.length).toBeCloseTo(3 * expected, 5);
      }),
      few,
    );
  });

  test("the order of solver, start and neighbours in the batch changes nothing", async () => {
    const metric = torus.metric("float32");
    const pairs = Array.from({ length: 40 }, (_, i) => [i / 20, 0.1, 1, i / 30]).flat();
    const together = await solve(metric, pairs);
    const alone = await solve(metric, pairs.slice(4 * 17, 4 * 18));
    expect(together[17]?.length).toBeCloseTo(alone[0]?.length as number, 6);
  });
});

describe("starts", () => {
  test.each([
    ["grid", gridStart({ side: 61 })],
    ["graph", graphStart({ vertices: 300 })],
  ])("%s paths lead to the same geodesics where there is one valley", async (_, start) => {
    const pairs = sphere.pairs.flat(2);
    const solved = await solve(sphere.metric("float64"), pairs, { starts: [start] });
    solved.forEach(({ length, status }, i) => {
      const [a, b] = sphere.pairs[i] as (typeof sphere.pairs)[0];
      expect(status).toBe("converged");
      expect(Math.abs(length / sphere.distance(a, b) - 1)).toBeLessThan(1e-6);
    });
  });

  test("a grid has nothing to offer outside two dimensions, a graph has", async () => {
    const metric = mapOf(3, (z) => z);
    const pairs = [0, 0, 0, 1, 1, 1];
    const [geodesic] = (await solve(metric, pairs, {
      starts: [gridStart(), graphStart({ vertices: 100 })],
    })) as [Geodesic];
    expect(geodesic.length).toBeCloseTo(Math.sqrt(3), 7);
  });
});
