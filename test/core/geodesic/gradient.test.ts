/**
 * The derivative of a distance by its end points. Tolerances, float64: against central differences
 * of distances in closed form and of computed ones, 1e-3 of the gradient from the connecting curve
 * alone and 1e-7 from refined logarithms, on the sphere and the half-plane.
 */
import { nativeEngine } from "pullback";
import { connect, evaluator, logarithms, programCache, straight } from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { halfPlane, sphere } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

describe.each([sphere, halfPlane])("on $name", (surface) => {
  const metric = surface.metric("float64");
  const pairs = Float64Array.from(surface.pairs.flat(2));
  const options = { cache, metric, tolerance: 1e-7, starts: [straight] };
  const width = 4;

  /** Central differences of a length by all numbers of all pairs. */
  const slopes = async (
    length: (moved: Float64Array) => number[] | Promise<number[]>,
    h: number,
  ): Promise<Float64Array> => {
    const result = new Float64Array(pairs.length);
    for (let k = 0; k < width; k++) {
      const moved = (by: number): Float64Array =>
        pairs.map((x, i) => (i % width === k ? x + by : x));
      const [more, less] = [await length(moved(h)), await length(moved(-h))];
      more.forEach((up, pair) => {
        result[pair * width + k] = (up - (less[pair] as number)) / (2 * h);
      });
    }
    return result;
  };
  const closed = (moved: Float64Array): number[] =>
    Array.from({ length: moved.length / width }, (_, i) => {
      const pair = [...moved.subarray(i * width, (i + 1) * width)];
      return surface.distance(pair.slice(0, 2), pair.slice(2));
    });
  const near = (got: readonly number[], expected: Float64Array, allowed: number): void => {
    const size = Math.max(...expected.map(Math.abs));
    expected.forEach((x, i) => {
      expect(Math.abs((got[i] as number) - x) / size).toBeLessThan(allowed);
    });
  };

  test("certificates have it: differences of closed forms and of computed lengths", async () => {
    const { geodesics } = await connect({ ...options, engine, pairs });
    const gradients = geodesics.flatMap(({ gradientFrom, gradientTo }) => [
      ...gradientFrom,
      ...gradientTo,
    ]);
    near(gradients, await slopes(closed, 1e-5), 1e-3);
    const computed = async (moved: Float64Array): Promise<number[]> =>
      (await connect({ ...options, engine, pairs: moved })).geodesics.map(({ length }) => length);
    near(gradients, await slopes(computed, 1e-3), 1e-3);
  });

  test("refined logarithms make it exact: -G log / length", async () => {
    const back = pairs.map((_, i) => pairs[i - (i % width) + ((i + 2) % width)] as number);
    const both = Float64Array.of(...pairs, ...back);
    const logs = await logarithms({ ...options, pairs: both });
    const count = pairs.length / width;
    const lowered = await Promise.all(
      logs.map(async ({ geodesic, velocity, length }) => {
        const G = await evaluator(cache, metric).tensors(geodesic.from);
        return [0, 1].map(
          (k) =>
            -(
              (G[2 * k] as number) * (velocity[0] as number) +
              (G[2 * k + 1] as number) * (velocity[1] as number)
            ) / length,
        );
      }),
    );
    const gradients = Array.from({ length: count }, (_, i) => [
      ...(lowered[i] as number[]),
      ...(lowered[count + i] as number[]),
    ]).flat();
    near(gradients, await slopes(closed, 1e-5), 1e-7);
  });
});
