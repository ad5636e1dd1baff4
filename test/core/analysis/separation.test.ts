import { nativeEngine } from "pullback";
import {
  classSeparation,
  euclideanDistances,
  InputError,
  neighbourAccuracy,
  programCache,
  random,
  silhouette,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import { swissRoll, torus } from "../../reference/surfaces.ts";

/** Distances between places on a line. */
const line = (places: readonly number[]): Float64Array =>
  Float64Array.from(places.flatMap((a) => places.map((b) => Math.abs(a - b))));

describe("nearest neighbours", () => {
  // 0 1 2 | 3.5 | 10 11: the fourth is of the second class, nearer to the first.
  const places = [0, 1, 2, 3.5, 10, 11];
  const labels = [7, 7, 7, 4, 4, 4];

  test("by hand, one neighbour: only the stray one is wrong", () => {
    const { accuracy, correct, standardError } = neighbourAccuracy(line(places), labels, 1);
    expect([...correct]).toEqual([1, 1, 1, 0, 1, 1]);
    expect(accuracy).toBeCloseTo(5 / 6, 12);
    expect(standardError).toBeCloseTo(Math.sqrt(5 / 6 / 6 / 6), 12);
  });

  test("by hand, three and four neighbours", () => {
    // 10 sees 11, 3.5, 2; 2 sees 1, 3.5, 0.
    expect([...neighbourAccuracy(line(places), labels, 3).correct]).toEqual([1, 1, 1, 0, 1, 1]);
    // 10 sees 11, 3.5, 2, 1: two of each class, and the nearest is its own.
    expect([...neighbourAccuracy(line(places), labels, 4).correct]).toEqual([1, 1, 1, 0, 1, 1]);
    // All five others: three of the other class.
    expect([...neighbourAccuracy(line(places), labels, 5).correct]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("a point is not its own neighbour, however many lie on it", () => {
    expect([...neighbourAccuracy(line([0, 0]), [1, 2], 1).correct]).toEqual([0, 0]);
  });

  test("what cannot be is refused", () => {
    expect(() => neighbourAccuracy(line(places), labels, 6)).toThrow("1 to 5 neighbours");
    expect(() => neighbourAccuracy(line(places), labels, 0)).toThrow(InputError);
    expect(() => neighbourAccuracy(line(places), [1, 2], 1)).toThrow("2 x 2");
    expect(() => neighbourAccuracy(Float64Array.of(0, Infinity, 1, 0), [1, 2], 1)).toThrow(
      "got Infinity from point 0 to 1",
    );
  });
});

describe("silhouette", () => {
  test("by hand", () => {
    // Classes {0, 1} and {4, 6}: a = 1, 1, 2, 2; b = 5, 4, 3.5, 5.5.
    const { values, mean, standardError } = silhouette(line([0, 1, 4, 6]), [0, 0, 1, 1]);
    const expected = [4 / 5, 3 / 4, 1.5 / 3.5, 3.5 / 5.5];
    expected.forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 12);
    });
    const centre = expected.reduce((a, b) => a + b, 0) / 4;
    expect(mean).toBeCloseTo(centre, 12);
    const spread = expected.reduce((sum, value) => sum + (value - centre) ** 2, 0) / 3;
    expect(standardError).toBeCloseTo(Math.sqrt(spread / 4), 12);
  });

  test("the nearest other class counts, and a class of one counts nothing", () => {
    const { values } = silhouette(line([0, 1, 3, 100]), [0, 0, 1, 2]);
    expect([...values]).toEqual([(3 - 1) / 3, (2 - 1) / 2, 0, 0]);
  });

  test("far classes near 1, mixed ones near 0, wrong ones below", () => {
    const draw = random(5, "silhouette");
    const places = Array.from({ length: 60 }, (_, i) => draw.normal() + (i < 30 ? 0 : 500));
    const half = places.map((_, i) => (i < 30 ? 0 : 1));
    expect(silhouette(line(places), half).mean).toBeGreaterThan(0.99);
    const mixed = places.map((_, i) => i % 2);
    expect(Math.abs(silhouette(line(places), mixed).mean)).toBeLessThan(0.05);
    expect(silhouette(line([0, 10, 1, 11]), [0, 0, 1, 1]).mean).toBeLessThan(-0.3);
  });

  test("all points in one place: neither here nor there", () => {
    expect([...silhouette(line([2, 2, 2]), [0, 1, 1]).values]).toEqual([0, 0, 0]);
  });

  test("one class is refused", () => {
    expect(() => silhouette(line([0, 1]), [3, 3])).toThrow("two classes or more, got 1");
  });
});

test("Euclidean distances of codes in three dimensions", () => {
  const D = euclideanDistances(Float32Array.of(0, 0, 0, 1, 2, 2, 4, 6, 2), 3);
  const far = Math.sqrt(16 + 36 + 4);
  expect([...D]).toEqual([0, 3, far, 3, 0, 5, far, 5, 0]);
});

describe("classes on a surface", () => {
  const cache = programCache(nativeEngine({ threads: 1 }));
  const draw = random(9, "classes");

  test("a flat surface gives the same answer twice", async () => {
    const codes = Float64Array.from({ length: 80 }, () => draw.uniform());
    const labels = Array.from({ length: 40 }, (_, i) => ((codes[2 * i] as number) > 0.5 ? 1 : 0));
    const metric = torus.metric("float32");
    const found = await classSeparation({ cache, metric, codes, labels });
    expect(found.points).toBe(40);
    expect(found.k).toBe(5);
    const { euclidean, geodesic, silhouetteTest } = found;
    expect(Math.abs(geodesic.silhouette.mean - euclidean.silhouette.mean)).toBeLessThan(0.01);
    expect(Math.abs(silhouetteTest.difference)).toBeLessThan(0.01);
    expect(found.accuracyTest.p).toBeGreaterThan(0.2);
  });

  test("classes that the surface pulls apart are told apart by geodesics only", async () => {
    // Two classes close by in z_1, where the roll is long; spread out in z_2, where it is not.
    const labels = Array.from({ length: 60 }, (_, i) => i % 2);
    const codes = Float64Array.from(
      labels.flatMap((label) => [30 + 0.6 * label, 4 * draw.normal()]),
    );
    const metric = swissRoll.metric("float32");
    const found = await classSeparation({ cache, metric, codes, labels });
    expect(found.geodesic.neighbours.accuracy).toBe(1);
    expect(found.euclidean.neighbours.accuracy).toBeLessThan(0.8);
    expect(found.accuracyTest.p).toBeLessThan(0.001);
    expect(found.accuracyTest.onlyFirst).toBe(0);
    expect(found.silhouetteTest.difference).toBeGreaterThan(0.3);
    expect(found.silhouetteTest.p).toBeLessThan(1e-6);
  });

  test("codes and labels that disagree are refused", async () => {
    const wrong = {
      cache,
      metric: torus.metric("float32"),
      codes: new Float64Array(6),
      labels: [1],
    };
    await expect(classSeparation(wrong)).rejects.toThrow(
      "2 coordinates for each of 1 labels, got 6 numbers",
    );
  });
});
