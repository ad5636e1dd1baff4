/** Tolerances: the mean of the members' tensors 1e-12, equal members' distances 1e-9 of one. */
import { nativeEngine } from "pullback";
import type { Decoder, FloatType, MapMetric, Value } from "pullback-core";
import {
  connect,
  decoder,
  ensemble,
  evaluator,
  graph,
  input,
  mul,
  programCache,
  pullback,
  relu,
  straight,
} from "pullback-core";
import { afterAll, expect, test } from "vitest";
import { paraboloid, sphere, torus } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const member = (surface: typeof sphere, type: FloatType = "float64"): Decoder => {
  const { map } = surface.metric(type) as MapMetric;
  return decoder(graph(Object.values(map.inputs), { mean: map.outputs.x as Value }));
};

test("G is the mean over the members, whatever their data dimension", async () => {
  const members = [member(sphere), member(paraboloid), member(torus)];
  const z = Float64Array.of(0.3, -0.4, 1, 2);
  const each = await Promise.all(
    members.map((decoder) => evaluator(cache, pullback(decoder)).tensors(z)),
  );
  const together = await evaluator(cache, ensemble(members)).tensors(z);
  together.forEach((entry, i) => {
    const mean = each.reduce((sum, G) => sum + (G[i] as number), 0) / 3;
    expect(entry).toBeCloseTo(mean, 12);
  });
});

test("equal members are one: the distance on the sphere", async () => {
  const metric = ensemble([member(sphere), member(sphere)]);
  const pairs = Float64Array.of(0, -1, 0.5, 0.5);
  const options = { tolerance: 1e-7, starts: [straight] };
  const { geodesics } = await connect({ engine, cache, metric, pairs, ...options });
  expect(geodesics[0]?.length).toBeCloseTo(2.300523984, 8);
});

test("is kinked where one member is, and takes only members that fit", () => {
  const z = input("z", "float64", ["n", 2]);
  const kinked = decoder(graph([z], { mean: mul(2, relu(z)) }));
  expect(ensemble([member(sphere), kinked]).kinked).toBe(true);
  expect(ensemble([member(sphere)]).kinked).toBe(false);
  expect(() => ensemble([])).toThrow("expected one decoder or more, got none");
  expect(() => ensemble([member(sphere), member(torus, "float32")])).toThrow(
    "expected decoders of 2 latent dimensions in float64, got 2 in float32 for decoder 1",
  );
});
