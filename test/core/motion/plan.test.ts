import { nativeEngine } from "pullback";
import type { PlanOptions } from "pullback-core";
import {
  add,
  armForward,
  constant,
  decoder,
  encoder,
  exp,
  graph,
  InputError,
  input,
  log,
  matmul,
  mul,
  plan,
  programCache,
  pullback,
  sub,
  tensorFrom,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const z = input("z", "float64", ["n", 2]);
const x = input("x", "float64", ["n", 2]);
/** The plane in another chart: geodesics are straight in data space, straight latent lines are not. */
const plane = {
  decoder: decoder(graph([z], { mean: exp(z) })),
  encoder: encoder(graph([x], { mean: log(x), variance: x })),
};

const common = { cache, count: 11, seed: 1 };
const description = { name: "plane", drawing: { kind: "curve" } } as const;
const through = (poses: number[], more: Partial<PlanOptions> = {}) =>
  plan({ ...common, ...plane, description, poses: Float64Array.from(poses), ...more });

describe("a motion on a plane in a bent chart", () => {
  test("goes straight at constant speed, the straight latent line does not", async () => {
    const { geodesic, straight, waypoints } = await through([1, 1, 4, 5]);
    expect(geodesic.length).toBeCloseTo(5, 5);
    expect([...geodesic.times].map((time) => Number(time.toFixed(9)))).toEqual([
      0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
    ]);
    for (let i = 0; i <= 10; i++) {
      expect(geodesic.rows[2 * i]).toBeCloseTo(1 + 0.3 * i, 2);
      expect(geodesic.rows[2 * i + 1]).toBeCloseTo(1 + 0.4 * i, 2);
      // y = x^k with the same ends.
      const [a, b] = [straight.rows[2 * i] as number, straight.rows[2 * i + 1] as number];
      expect(b).toBeCloseTo(a ** (Math.log(5) / Math.log(4)), 3);
    }
    expect(straight.length).toBeGreaterThan(5.001);
    expect(waypoints.map(({ latent }) => latent)).toEqual([
      [0, 0],
      [Math.log(4), Math.log(5)],
    ]);
    for (const { miss } of waypoints)
      for (const off of miss) expect(Math.abs(off)).toBeLessThan(1e-12);
  });

  test("in raw units where the data were scaled; lengths stay in units of training", async () => {
    const scaling = { offset: [10, -20], scale: [100, 0.5] };
    const { geodesic } = await through([110, -19.5, 410, -17.5], {
      description: { ...description, scaling },
    });
    expect(geodesic.length).toBeCloseTo(5, 5);
    expect(geodesic.rows[10]).toBeCloseTo(260, 0);
    expect(geodesic.rows[11]).toBeCloseTo(-18.5, 2);
  });

  test("passes poses on the way, one speed throughout", async () => {
    const { geodesic, geodesics, waypoints } = await through([1, 1, 4, 5, 4, 10]);
    expect(geodesics.map(({ length }) => Number(length.toFixed(4)))).toEqual([5, 5]);
    expect(waypoints).toHaveLength(3);
    expect(geodesic.rows[10]).toBeCloseTo(4, 2);
    expect(geodesic.rows[11]).toBeCloseTo(5, 2);
    expect(geodesic.rows[15]).toBeCloseTo(7, 2);
  });

  test("is as fast as the joints allow, and says where it is beyond their limits", async () => {
    const limits = {
      names: ["u", "v"],
      lower: Float64Array.of(0, 0),
      upper: Float64Array.of(9, 3),
      velocity: Float64Array.of(1, 0.5),
    };
    const { geodesic, straight } = await through([1, 1, 4, 5], { limits });
    // The second joint has 4 to go at 0.5 a second, on either way.
    expect(geodesic.times.at(-1)).toBeCloseTo(8, 6);
    expect(straight.times.at(-1)).toBeCloseTo(8, 6);
    expect(geodesic.violations).toHaveLength(1);
    const [found] = geodesic.violations;
    expect(found).toMatchObject({ joint: "v", bound: "upper", limit: 3 });
    expect(found?.value).toBeCloseTo(5, 9);
    expect(found?.time).toBeCloseTo(8, 6);
    expect(found?.from).toBeCloseTo(4, 1);
    expect(found?.to).toBeCloseTo(8, 6);
  });

  test("measures how far it strays from the data", async () => {
    const latents = Float64Array.from([1, 2, 3].flatMap((at) => [Math.log(at), Math.log(at + 1)]));
    const { geodesic } = await through([1, 2, 5, 2], { latents });
    // Farthest where it ends: from (5, 2) to (3, 4).
    expect(geodesic.stray).toBeCloseTo(Math.hypot(2, 2), 6);
    expect(geodesic.toolStray).toBeNull();
    expect((await through([1, 2, 5, 2])).geodesic.stray).toBeNull();
  });

  test("follows the geodesics of the metric that is given, measured in G", async () => {
    // With the metric of the chart itself, geodesics are the straight latent lines.
    const metric = pullback(decoder(graph([z], { mean: mul(z, 2) })));
    const { geodesic, straight } = await through([1, 1, 4, 5], { metric });
    geodesic.rows.forEach((value, i) => {
      expect(value).toBeCloseTo(straight.rows[i] as number, 6);
    });
    expect(geodesic.times).toEqual(straight.times);
  });

  test("from a pose to itself is a stay", async () => {
    const { geodesic, straight } = await through([2, 3, 2, 3]);
    for (const { length, rows } of [geodesic, straight]) {
      expect(length).toBeLessThan(1e-12);
      rows.forEach((value, i) => {
        if (Math.abs(value - (i % 2 ? 3 : 2)) > 1e-12) throw new Error(`row ${i}: ${value}`);
      });
    }
  });

  test("refuses what cannot be planned", async () => {
    await expect(through([1, 1])).rejects.toThrow("expected two poses or more of 2 numbers");
    await expect(through([1, 1, 2])).rejects.toThrow(InputError);
    await expect(through([1, 1, 2, 2], { count: 1 })).rejects.toThrow("two rows or more, got 1");
    // The logarithm of a negative number is no code.
    await expect(through([1, 1, -2, 2])).rejects.toThrow("got NaN for pose 2");
    const y = input("x", "float64", ["n", 3]);
    const other = encoder(graph([y], { mean: matmul(y, constant(matrix(3, [1, 0, 0, 1, 0, 0]))) }));
    await expect(through([1, 1, 2, 2], { encoder: other })).rejects.toThrow(
      "expected an encoder of 2 numbers to 2 as the decoder has them, got 3 to 2",
    );
  });
});

const matrix = (rows: number, numbers: number[]) =>
  tensorFrom("float64", [rows, numbers.length / rows], numbers);

describe("a robot arm whose poses lie in a plane of its angles", () => {
  const origin = [0.2, -1.8, 1.7, 0.5, -1, -0.6];
  const [first, second] = [
    [0.6, 0, 0, 0, 0.8, 0],
    [0, 0, 0.8, 0.6, 0, 0],
  ];
  const W = matrix(2, [...first, ...second]);
  const b = constant(tensorFrom("float64", [6], origin));
  const pose = input("x", "float64", ["n", 6]);
  const Wt = matrix(
    6,
    origin.flatMap((_, k) => [first[k] as number, second[k] as number]),
  );
  const arm = {
    decoder: decoder(graph([z], { mean: add(matmul(z, constant(W)), b) })),
    encoder: encoder(graph([pose], { mean: matmul(sub(pose, b), constant(Wt)) })),
    description: { name: "arm", drawing: { kind: "arm" } } as const,
  };

  test("misses poses off the plane by what is off it; the tool's stray is in metres", async () => {
    const poses = Float64Array.from([...origin, ...origin]);
    for (let k = 0; k < 6; k++) poses[6 + k] = (poses[6 + k] as number) + 0.5 * (first[k] ?? 0);
    // 0.1 along what neither axis has, and both ways along A1 and A5 of which the first has some.
    poses[7] = (poses[7] as number) + 0.1;
    const { waypoints, geodesic, straight } = await plan({
      ...common,
      ...arm,
      poses,
      latents: Float64Array.of(0, 0),
    });
    expect(waypoints[1]?.latent[0]).toBeCloseTo(0.5, 12);
    [0, -0.1, 0, 0, 0, 0].forEach((off, k) => {
      expect(waypoints[1]?.miss[k]).toBeCloseTo(off, 12);
    });
    expect(geodesic.length).toBeCloseTo(0.5, 9);
    const tools = [geodesic.rows, origin].map((q) => armForward(q, q.length - 6).position);
    const apart = tools[0]?.map((value, k) => value - (tools[1]?.[k] as number)) ?? [];
    expect(geodesic.toolStray).toBeCloseTo(Math.hypot(...apart), 9);
    expect(straight.toolStray).toBeCloseTo(geodesic.toolStray as number, 9);
    expect(geodesic.stray).toBeCloseTo(0.5, 9);
  });
});
