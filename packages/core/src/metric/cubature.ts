/**
 * @file Integrals over boxes and triangles of any function that is evaluated in batches.
 *
 * The rule of Genz and Malik (1980), of degree 7 with one of degree 5 inside, on cells that are
 * halved along the axis in which the function bends most, until the differences of the two rules
 * add up to less than the tolerance. All cells of a round are one batch. A triangle is a square
 * with one side drawn together.
 */

/** From the unit box to latent space. */
export interface Patch {
  readonly d: number;
  /** Writes the point that belongs to `u` [d] at `at` and answers the density of the map there. */
  place(u: Float64Array, points: Float64Array, at: number): number;
}

export interface CubatureOptions {
  readonly patches: readonly Patch[];
  /** Values of the function at points [n, d]. */
  evaluate(points: Float64Array): Promise<Float64Array>;
  /** Relative error aimed at. */
  readonly tolerance: number;
  /** Points after which the error is taken as it is. */
  readonly mostPoints: number;
}

export interface Integral {
  readonly value: number;
  /** Estimated absolute error: the sum of the differences of the two rules. */
  readonly error: number;
  readonly points: number;
}

interface Cell {
  readonly patch: Patch;
  readonly centre: Float64Array;
  /** Half the extent along each axis. */
  readonly half: Float64Array;
}

interface Measured extends Cell {
  readonly value: number;
  readonly error: number;
  /** The axis along which to halve. */
  readonly axis: number;
}

interface Rule {
  /** Offsets from the centre in half extents, [points, d]. */
  readonly offsets: readonly Float64Array[];
  /** Of degree 7 and of degree 5. */
  readonly weights: readonly (readonly [number, number])[];
}

/** Boxes of up to this many dimensions: a rule has 2^d points and more. */
export const mostDimensions = 10;

/** Integrates over the images of all patches. A value that is not finite makes the integral so. */
export async function integrate(options: CubatureOptions): Promise<Integral> {
  const { patches, tolerance, mostPoints } = options;
  const d = (patches[0] as Patch).d;
  const rule = genzMalik(d);
  let done: Measured[] = [];
  let open: Cell[] = patches.map((patch) => ({
    patch,
    centre: new Float64Array(d).fill(0.5),
    half: new Float64Array(d).fill(0.5),
  }));
  let points = 0;
  for (;;) {
    done.push(...(await measureCells(options, open, rule)));
    points += open.length * rule.offsets.length;
    const value = done.reduce((sum, cell) => sum + cell.value, 0);
    const error = done.reduce((sum, cell) => sum + cell.error, 0);
    const allowed = tolerance * Math.abs(value);
    if (error <= allowed || !Number.isFinite(value) || points >= mostPoints)
      return { value, error, points };
    // The worst cells, until what the others lack is half of what is allowed.
    done.sort((a, b) => b.error - a.error);
    let rest = error;
    const split = done.findIndex((cell) => {
      const enough = rest <= allowed / 2;
      rest -= cell.error;
      return enough;
    });
    const worst = done.slice(0, split < 0 ? done.length : split);
    done = done.slice(worst.length);
    open = worst.flatMap(halve);
  }
}

function halve({ patch, centre, half, axis }: Measured): Cell[] {
  const narrow = half.slice();
  narrow[axis] = (half[axis] as number) / 2;
  return [-1, 1].map((side) => {
    const moved = centre.slice();
    moved[axis] = (centre[axis] as number) + side * (narrow[axis] as number);
    return { patch, centre: moved, half: narrow };
  });
}

async function measureCells(
  { evaluate }: CubatureOptions,
  cells: readonly Cell[],
  { offsets, weights }: Rule,
): Promise<Measured[]> {
  const d = (offsets[0] as Float64Array).length;
  const count = offsets.length;
  const points = new Float64Array(cells.length * count * d);
  const densities = new Float64Array(cells.length * count);
  cells.forEach(({ patch, centre, half }, cell) => {
    offsets.forEach((offset, i) => {
      const u = centre.map((c, k) => c + (half[k] as number) * (offset[k] as number));
      const row = cell * count + i;
      densities[row] = patch.place(u, points, row * d);
    });
  });
  const values = await evaluate(points);
  return cells.map((cell, i) => {
    const volume = cell.half.reduce((product, x) => product * 2 * x, 1);
    const at = (j: number): number =>
      (values[i * count + j] as number) * (densities[i * count + j] as number);
    let [high, low] = [0, 0];
    weights.forEach(([seven, five], j) => {
      high += seven * at(j);
      low += five * at(j);
    });
    const error = volume * Math.abs(high - low);
    return { ...cell, value: volume * high, error, axis: mostBent(at, d, cell.half) };
  });
}

/** The axis of the greatest fourth difference, the longer one of equal ones. */
function mostBent(at: (point: number) => number, d: number, half: Float64Array): number {
  let [best, most] = [0, -1];
  for (let k = 0; k < d; k++) {
    const difference = (ring: number): number =>
      at(1 + 2 * d * ring + 2 * k) + at(2 + 2 * d * ring + 2 * k) - 2 * at(0);
    // The squared distances of the two rings are as 1 to 7.
    const bend = Math.abs(difference(0) - difference(1) / 7);
    const tie = Math.abs(bend - most) <= 1e-12 * most;
    if (bend > most && !tie) [best, most] = [k, bend];
    else if (tie && (half[k] as number) > (half[best] as number)) best = k;
  }
  return best;
}

/** Points in the order centre, two rings on the axes, pairs of axes, corners. */
function genzMalik(d: number): Rule {
  const offsets: Float64Array[] = [new Float64Array(d)];
  const weights: [number, number][] = [
    [(12824 - 9120 * d + 400 * d * d) / 19683, (729 - 950 * d + 50 * d * d) / 729],
  ];
  const put = (entries: readonly (readonly [number, number])[], weight: [number, number]): void => {
    const offset = new Float64Array(d);
    for (const [axis, value] of entries) offset[axis] = value;
    offsets.push(offset);
    weights.push(weight);
  };
  const axes = Array.from({ length: d }, (_, k) => k);
  const signs = [-1, 1] as const;
  const [near, far, corner] = [Math.sqrt(9 / 70), Math.sqrt(9 / 10), Math.sqrt(9 / 19)];
  for (const k of axes) for (const s of signs) put([[k, s * near]], [980 / 6561, 245 / 486]);
  for (const k of axes)
    for (const s of signs) put([[k, s * far]], [(1820 - 400 * d) / 19683, (265 - 100 * d) / 1458]);
  for (const k of axes)
    for (const l of axes.slice(0, k))
      for (const s of signs)
        for (const t of signs)
          put(
            [
              [k, s * far],
              [l, t * far],
            ],
            [200 / 19683, 25 / 729],
          );
  for (let bits = 0; bits < 2 ** d; bits++)
    put(
      axes.map((k) => [k, (bits >> k) & 1 ? corner : -corner] as const),
      [6859 / 19683 / 2 ** d, 0],
    );
  return { offsets, weights };
}

/** The box between two corners. */
export function boxPatch(low: readonly number[], high: readonly number[]): Patch {
  const volume = low.reduce((product, x, k) => product * ((high[k] as number) - x), 1);
  return {
    d: low.length,
    place(u, points, at) {
      low.forEach((x, k) => {
        points[at + k] = x + (u[k] as number) * ((high[k] as number) - x);
      });
      return volume;
    },
  };
}

export type Corner = readonly [x: number, y: number];

/** The triangle a, b, c: from a towards the points of the opposite side. */
export function trianglePatch(a: Corner, b: Corner, c: Corner): Patch {
  const area = Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
  return {
    d: 2,
    place(u, points, at) {
      const [away, across] = u as unknown as [number, number];
      for (const k of [0, 1] as const)
        points[at + k] = a[k] + away * (b[k] - a[k] + across * (c[k] - b[k]));
      return area * away;
    },
  };
}
