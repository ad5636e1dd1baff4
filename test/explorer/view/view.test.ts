import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inPlane, ontoPlane, pointAt } from "../../../packages/explorer/src/page/places.ts";
import { nearestPoint, pointsInside, splat } from "../../../packages/explorer/src/view/points.ts";
import { rangeOf, shaded, shades } from "../../../packages/explorer/src/view/shade.ts";
import {
  axisTicks,
  boundsOf,
  fitting,
  panned,
  toPixel,
  toPlane,
  zoomed,
} from "../../../packages/explorer/src/view/transform.ts";
import { certificate, coordinates, short } from "../../../packages/explorer/src/view/words.ts";

const size = { width: 800, height: 500 };
const number = (low: number, high: number) =>
  fc.double({ min: low, max: high, noNaN: true, noDefaultInfinity: true });
const views = fc.record({ x: number(-10, 10), y: number(-10, 10), scale: number(0.5, 500) });

describe("pan and zoom", () => {
  test("pixels and places are inverse", () => {
    fc.assert(
      fc.property(views, number(0, 800), number(0, 500), (view, px, py) => {
        const [x, y] = toPixel(view, size, ...toPlane(view, size, px, py));
        expect(x).toBeCloseTo(px, 6);
        expect(y).toBeCloseTo(py, 6);
      }),
    );
  });

  test("a zoom leaves what is under the pointer there, a pan takes it along", () => {
    fc.assert(
      fc.property(views, number(0.2, 5), number(0, 800), (view, factor, px) => {
        const before = toPlane(view, size, px, 100);
        const after = toPlane(zoomed(view, size, factor, [px, 100]), size, px, 100);
        expect(after[0]).toBeCloseTo(before[0], 6);
        const moved = toPlane(panned(view, 30, -20), size, px + 30, 80);
        expect(moved[0]).toBeCloseTo(before[0], 6);
        expect(moved[1]).toBeCloseTo(before[1], 6);
      }),
    );
  });

  test("fitting shows all of the bounds", () => {
    const [x0, x1, y0, y1] = boundsOf(fitting([-1, 3, 2, 4], size), size);
    expect(x0).toBeLessThanOrEqual(-1);
    expect(x1).toBeGreaterThanOrEqual(3);
    expect(y0).toBeLessThanOrEqual(2);
    expect(y1).toBeGreaterThanOrEqual(4);
  });

  test("ticks are round numbers inside", () => {
    expect(axisTicks(-1.3, 1.2, 5)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(axisTicks(0, 0.033, 3)).toEqual([0, 0.02]);
  });
});

describe("points", () => {
  const cloud = {
    points: Float64Array.of(0, 0, 1, 1),
    colours: Uint8Array.of(255, 0, 0, 0, 0, 255),
    order: Uint32Array.of(0, 1),
  };
  const view = { x: 0.5, y: 0.5, scale: 10 };
  const pixel = (image: Uint8ClampedArray, x: number, y: number): number[] => [
    ...image.subarray((y * 40 + x) * 4, (y * 40 + x) * 4 + 4),
  ];

  test("are discs of their colour where they are, y up", () => {
    const image = new Uint8ClampedArray(40 * 40 * 4);
    splat(image, { width: 40, height: 40 }, cloud, view, 1, 1);
    expect(pixel(image, 15, 25)).toEqual([255, 0, 0, 255]);
    expect(pixel(image, 25, 15)).toEqual([0, 0, 255, 255]);
    expect(pixel(image, 20, 20)[3]).toBe(0);
  });

  test("outside of the picture nothing is drawn, nor beyond its rows", () => {
    const image = new Uint8ClampedArray(40 * 40 * 4);
    splat(image, { width: 40, height: 40 }, cloud, { x: 0.5, y: 0.5, scale: 400 }, 2, 1);
    expect(image.every((value) => value === 0)).toBe(true);
  });

  test("those inside a lasso, whatever its turns", () => {
    const around = [
      [-0.5, -0.5],
      [0.5, -0.5],
      [0.5, 0.5],
      [-0.5, 0.5],
    ] as const;
    expect([...pointsInside(cloud, around)]).toEqual([0]);
    // A bay that leaves the second point out.
    const bay = [
      [-1, -1],
      [2, -1],
      [2, 2],
      [1, 0.5],
      [-1, 2],
    ] as const;
    expect([...pointsInside(cloud, bay)]).toEqual([0]);
    expect([...pointsInside(cloud, [])]).toEqual([]);
  });

  test("the nearest within reach, or none", () => {
    expect(nearestPoint(cloud, [0.8, 0.9], 0.5)).toBe(1);
    expect(nearestPoint(cloud, [5, 5], 0.5)).toBe(-1);
  });
});

describe("greys", () => {
  test("run from pale to dark, and the other way on a dark page", () => {
    const [light, dark] = [shades(false), shades(true)];
    for (let i = 1; i < 256; i++) {
      expect(light[i]).toBeLessThanOrEqual(light[i - 1] as number);
      expect(dark[i]).toBeGreaterThanOrEqual(dark[i - 1] as number);
    }
  });

  test("row 0 is drawn at the bottom; the lowest hundredth does not set the range", () => {
    const logs = Float32Array.from({ length: 400 }, (_, i) => (i === 7 ? -90 : i / 400));
    const range = rangeOf(logs);
    expect(range[0]).toBeGreaterThan(-1);
    const rgba = shaded(Float32Array.of(0, 0, 1, 1), 2, [0, 1], shades(false));
    expect(rgba[0]).toBe(shades(false)[255]);
    expect(rgba[8]).toBe(shades(false)[0]);
  });
});

describe("places", () => {
  const plane = {
    origin: [1, 2, 3],
    axes: [
      [0, 1, 0],
      [0, 0, 1],
    ],
  };
  test("a point keeps what it is off the plane", () => {
    const moved = ontoPlane(plane, [7, 2, 3], 0.5, -1);
    expect(moved).toEqual([7, 2.5, 2]);
    expect(inPlane(plane, moved)).toEqual([0.5, -1]);
  });
  test("a curve between its nodes", () => {
    expect([...pointAt(Float64Array.of(0, 0, 1, 0, 1, 2), 2, 0.75)]).toEqual([1, 1]);
    expect([...pointAt(Float64Array.of(0, 0, 1, 0), 2, 1)]).toEqual([1, 0]);
  });
});

describe("words", () => {
  test.each([
    [5.896, "5.9"],
    [12345, "12,300"],
    [0.00001234, "1.23e-5"],
    [Number.NaN, "not finite"],
  ])("%f is %s", (value, words) => expect(short(value)).toBe(words));

  test("no place is at minus nought", () => {
    expect(coordinates([-0.001, -0, -0.01])).toBe("0.00, 0.00, -0.01");
  });

  test("a solve that failed says so first", () => {
    const leg = { status: "stalled", message: "No step helps.", localMinimum: null } as never;
    expect(certificate({ ...(leg as object), chordLength: 0, speedSpread: 1e9 } as never)[0]).toBe(
      "No step helps.",
    );
  });
});
