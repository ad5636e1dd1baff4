import { describe, expect, test } from "vitest";
import {
  datasetNames,
  loadDataset,
  pendulumImage,
  pendulumNoise,
} from "../../../packages/pullback/src/datasets/index.ts";

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.hypot(...a.map((value, i) => value - (b[i] as number)));

/** Centre of mass in pixels from the centre of the image, to the right and down. */
function centre(image: Float32Array): [number, number] {
  let [mass, right, down] = [0, 0, 0];
  image.forEach((value, i) => {
    mass += value;
    right += value * ((i % 16) + 0.5 - 8);
    down += value * (Math.floor(i / 16) + 0.5 - 8);
  });
  return [right / mass, down / mass];
}

describe("the image without noise", () => {
  test("hangs down at 0, points right at 90, up at 180, left at 270", () => {
    const directions = [0, 90, 180, 270].map((angle) =>
      centre(pendulumImage(angle)).map((x) => Math.round(x)),
    );
    expect(directions).toEqual([
      [0, 3],
      [3, 0],
      [0, -3],
      [-3, 0],
    ]);
  });

  test("is 1 on the rod, 0 away from it, and the whole rod is inside", () => {
    for (let angle = 0; angle < 360; angle += 7) {
      const image = pendulumImage(angle);
      expect(Math.max(...image)).toBeGreaterThan(0.95);
      expect(image.filter((value) => value === 0).length).toBeGreaterThan(180);
      // The same mass everywhere: nothing is cut off at the border.
      const mass = image.reduce((sum, value) => sum + value, 0);
      expect(mass).toBeCloseTo(20, 0);
    }
  });

  test("moves smoothly: steps of one degree are alike, and half a degree is half the way", () => {
    const steps = Array.from({ length: 360 }, (_, a) =>
      distance(pendulumImage(a), pendulumImage(a + 1)),
    );
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.3);
    for (let a = 0; a < 360; a += 11) {
      const half = distance(pendulumImage(a), pendulumImage(a + 0.5));
      expect(half / (steps[a] as number)).toBeCloseTo(0.5, 2);
    }
    expect(distance(pendulumImage(0), pendulumImage(360))).toBeLessThan(1e-6);
  });
});

describe("the dataset", () => {
  const first = loadDataset("pendulum");

  test("has 15,000 images and 1,000 others, with their angles and the stated noise", async () => {
    const data = await first;
    expect(data.observations.shape).toEqual([15_000, 256]);
    expect(data.heldOut.shape).toEqual([1_000, 256]);
    expect(data.value).toEqual({ name: "angle", unit: "°", period: 360 });
    const angles = data.values?.data as Float32Array;
    expect(angles.every((angle) => angle >= 0 && angle < 360)).toBe(true);
    const octants = new Array(8).fill(0);
    for (const angle of angles) octants[Math.floor(angle / 45)]++;
    // Eight counts of 1875 each, whose standard deviation is 40.5.
    for (const count of octants) expect(Math.abs(count - 1875)).toBeLessThan(170);
    for (const [images, known] of [
      [data.observations, angles],
      [data.heldOut, data.heldOutValues?.data as Float32Array],
    ] as const) {
      let squares = 0;
      for (let i = 0; i < 500; i++) {
        const clean = pendulumImage(known[i] as number);
        squares += distance(clean, images.data.slice(i * 256, (i + 1) * 256)) ** 2;
      }
      expect(Math.sqrt(squares / (500 * 256))).toBeCloseTo(pendulumNoise, 3);
    }
    expect(data.heldOut.data.slice(0, 256)).not.toEqual(data.observations.data.slice(0, 256));
  });

  test("is the same for the same seed, another for another", async () => {
    const [one, again, two] = await Promise.all([
      first,
      loadDataset("pendulum", { seed: 1 }),
      loadDataset("pendulum", { seed: 2 }),
    ]);
    const bytes = ({ observations }: typeof one): Buffer => Buffer.from(observations.data.buffer);
    expect(bytes(again).equals(bytes(one))).toBe(true);
    expect(two.values?.data[0]).not.toBe(one.values?.data[0]);
  });

  test("an unknown name is refused with those there are", () => {
    expect(() => loadDataset("penguin")).toThrow(
      `dataset: expected one of ${datasetNames.join(", ")}, got penguin`,
    );
    expect(() => loadDataset("toString")).toThrow("expected one of");
  });
});
