/**
 * @file Stencils that fit a metric: at each node of a lattice, three directions in which the
 * eikonal equation of that node's metric is a sum of squares.
 *
 * For a metric G with inverse D, Selling's reduction finds whole-numbered directions e_k and
 * weights w_k >= 0 with D = sum_k w_k e_k e_k^T, so that grad u^T D grad u = sum_k w_k (e_k . grad u)^2.
 * The idea of taking stencils from the reduced lattice is Mirebeau's (2014, 2019); directions grow
 * long where the metric is anisotropic, which is what a fixed neighbourhood cannot do.
 */
import { InputError } from "../array/errors.ts";

/** Metric tensors at the nodes of a lattice, in units of its steps. */
export interface MetricLattice {
  readonly width: number;
  readonly height: number;
  /** g11, g12, g22 at each node, row by row: [height * width, 3]. Not finite: a hole. */
  readonly tensors: Float64Array;
}

export interface Stencils extends MetricLattice {
  /** Three directions a node as steps along both axes, [n, 3, 2]. */
  readonly directions: Int16Array;
  /** Their weights, [n, 3]; 0 where two directions are enough, and everywhere in a hole. */
  readonly weights: Float64Array;
  /** 1 where a direction leads out of the lattice or into a hole: there king's moves serve. */
  readonly isBorder: Uint8Array;
  /** `users` from `firstUser[i]` to `firstUser[i + 1]` lean on node i, [n + 1]. */
  readonly firstUser: Int32Array;
  /** Four times the node that leans, plus which of its directions does; 3 for a king's move. */
  readonly users: Int32Array;
}

/** The eight nodes around, counter-clockwise. */
export const kingX: readonly number[] = [1, 1, 0, -1, -1, -1, 0, 1];
export const kingY: readonly number[] = [0, 1, 1, 1, 0, -1, -1, -1];

/**
 * Ratio of speeds beyond which a metric counts as degenerate: its small eigenvalue is raised to
 * that. Directions are at most about as long.
 */
export const greatestAnisotropy = 200;

/** Of what a metric that is zero somewhere is raised to, so that its inverse stays a number. */
const least = 1e-140;

export function stencils(lattice: MetricLattice): Stencils {
  const { width, height, tensors } = lattice;
  const n = width * height;
  if (tensors.length !== 3 * n)
    throw new InputError(
      `stencils: expected ${width} x ${height} tensors of 3 numbers, got ${tensors.length} numbers`,
    );
  const directions = new Int16Array(6 * n);
  const weights = new Float64Array(3 * n);
  for (let node = 0; node < n; node++) decompose(tensors, node, directions, weights);
  const isBorder = new Uint8Array(n);
  const firstUser = new Int32Array(n + 1);
  const shape = { ...lattice, directions, weights, isBorder };
  eachUse(shape, (node) => {
    firstUser[node + 1] = (firstUser[node + 1] as number) + 1;
  });
  for (let i = 0; i < n; i++)
    firstUser[i + 1] = (firstUser[i + 1] as number) + (firstUser[i] as number);
  const next = firstUser.slice(0, n);
  const users = new Int32Array(firstUser[n] as number);
  eachUse(shape, (node, user) => {
    const at = next[node] as number;
    users[at] = user;
    next[node] = at + 1;
  });
  return { ...shape, firstUser, users };
}

/** Inverse of the tensor by Selling's reduction, in place of the node's directions and weights. */
function decompose(
  tensors: Float64Array,
  node: number,
  directions: Int16Array,
  weights: Float64Array,
): void {
  const [g11, g12, g22] = raised(
    tensors[3 * node] as number,
    tensors[3 * node + 1] as number,
    tensors[3 * node + 2] as number,
  );
  if (!Number.isFinite(g11 + g12 + g22)) return;
  const determinant = g11 * g22 - g12 * g12;
  const [a, b, c] = [g22 / determinant, -g12 / determinant, g11 / determinant];
  const tolerance = 1e-12 * (a + c);
  // A superbase p, q, r with p + q + r = 0; obtuse when no product of two is positive.
  let [px, py, qx, qy] = [1, 0, 0, 1];
  for (;;) {
    const [rx, ry] = [-px - qx, -py - qy];
    const pq = a * px * qx + b * (px * qy + py * qx) + c * py * qy;
    const pr = a * px * rx + b * (px * ry + py * rx) + c * py * ry;
    const qr = a * qx * rx + b * (qx * ry + qy * rx) + c * qy * ry;
    if (pq > tolerance) [px, py] = [-px, -py];
    else if (pr > tolerance) [px, py, qx, qy] = [-px, -py, rx, ry];
    else if (qr > tolerance) [px, py, qx, qy] = [-qx, -qy, rx, ry];
    else {
      directions.set([-py, px, -qy, qx, -ry, rx], 6 * node);
      weights.set([Math.max(0, -qr), Math.max(0, -pr), Math.max(0, -pq)], 3 * node);
      return;
    }
  }
}

/** A tensor whose eigenvalues are far enough above zero. */
export function raised(g11: number, g12: number, g22: number): [number, number, number] {
  const middle = (g11 + g22) / 2;
  const radius = Math.hypot((g11 - g22) / 2, g12);
  const floor = Math.max(least, (middle + radius) / greatestAnisotropy ** 2);
  const lack = floor - (middle - radius);
  return lack > 0 ? [g11 + lack, g12, g22 + lack] : [g11, g12, g22];
}

/** Every node that another leans on, and who it is; marks the border on the way. */
function eachUse(
  { width, height, directions, weights, isBorder }: Omit<Stencils, "firstUser" | "users">,
  visit: (node: number, user: number) => void,
): void {
  const usable = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && !isHole(weights, y * width + x);
  for (let node = 0; node < width * height; node++) {
    if (isHole(weights, node)) continue;
    const [x, y] = [node % width, Math.floor(node / width)];
    for (let k = 0; k < 3; k++) {
      if (weights[3 * node + k] === 0) continue;
      const ex = directions[6 * node + 2 * k] as number;
      const ey = directions[6 * node + 2 * k + 1] as number;
      for (let side = -1; side <= 1; side += 2)
        if (usable(x + side * ex, y + side * ey))
          visit((y + side * ey) * width + x + side * ex, 4 * node + k);
        else isBorder[node] = 1;
    }
    if (!isBorder[node]) continue;
    for (let k = 0; k < 8; k++) {
      const [kx, ky] = [x + (kingX[k] as number), y + (kingY[k] as number)];
      if (usable(kx, ky)) visit(ky * width + kx, 4 * node + 3);
    }
  }
}

/** The reduction leaves at least two weights positive. */
function isHole(weights: Float64Array, node: number): boolean {
  return weights[3 * node] === 0 && weights[3 * node + 1] === 0 && weights[3 * node + 2] === 0;
}
