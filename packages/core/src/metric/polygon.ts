/** @file Simple polygons cut into triangles, by clipping ears. */
import { InputError } from "../array/errors.ts";
import type { Corner } from "./cubature.ts";

/**
 * Triangles that fill a polygon, which may be concave and run either way. Throws `InputError` for
 * fewer than three corners, and where sides cross.
 */
export function triangulate(polygon: readonly Corner[]): [Corner, Corner, Corner][] {
  const bad = polygon.flat().find((x) => !Number.isFinite(x));
  if (polygon.length < 3 || bad !== undefined)
    throw new InputError(
      `polygon: expected three finite corners or more, got ${bad ?? polygon.length}`,
    );
  checkSides(polygon);
  const signed = polygon.reduce((sum, a, i) => sum + cross(a, polygon.at(i - 1) as Corner), 0);
  // `at(i - 1)` is the corner before, so a counter-clockwise polygon has a negative sum.
  const rest = signed < 0 ? [...polygon] : [...polygon].reverse();
  const triangles: [Corner, Corner, Corner][] = [];
  while (rest.length > 2) {
    const i = rest.findIndex((_, at) => isEar(rest, at));
    if (i < 0) throw new InputError("polygon: expected sides that do not touch each other");
    const [a, b, c] = around(rest, i);
    if (turn(a, b, c) > 0) triangles.push([a, b, c]);
    rest.splice(i, 1);
  }
  return triangles;
}

function checkSides(polygon: readonly Corner[]): void {
  const side = (i: number): [Corner, Corner] => [
    polygon[i] as Corner,
    polygon[(i + 1) % polygon.length] as Corner,
  ];
  for (let i = 0; i < polygon.length; i++)
    for (let j = 0; j < i; j++) {
      const [[a, b], [c, d]] = [side(i), side(j)];
      const crossing = turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
      if (crossing)
        throw new InputError(
          `polygon: expected sides that do not cross each other, got sides ${j} and ${i}`,
        );
    }
}

function around(corners: readonly Corner[], i: number): [Corner, Corner, Corner] {
  return [
    corners.at(i - 1) as Corner,
    corners[i] as Corner,
    corners[(i + 1) % corners.length] as Corner,
  ];
}

/** A corner that turns left, or not at all, and whose triangle holds none of the others. */
function isEar(corners: readonly Corner[], i: number): boolean {
  const [a, b, c] = around(corners, i);
  const left = turn(a, b, c);
  if (left < 0) return false;
  // A corner on a straight side has no area: it can go.
  if (left === 0) return true;
  return corners.every(
    (p) =>
      p === a ||
      p === b ||
      p === c ||
      !inside(p, a, b, c) ||
      same(p, a) ||
      same(p, b) ||
      same(p, c),
  );
}

const cross = (a: Corner, b: Corner): number => a[0] * b[1] - a[1] * b[0];
/** Twice the area of a, b, c; positive where it turns left. */
const turn = (a: Corner, b: Corner, c: Corner): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
const same = (a: Corner, b: Corner): boolean => a[0] === b[0] && a[1] === b[1];
const inside = (p: Corner, a: Corner, b: Corner, c: Corner): boolean =>
  turn(a, b, p) >= 0 && turn(b, c, p) >= 0 && turn(c, a, p) >= 0;
