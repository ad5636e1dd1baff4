/** Whole networks and their derivatives against another differentiator, jax-js. */
import { init, jvp as jaxJvp, vjp as jaxVjp, nn, numpy as np } from "@jax-js/jax";
import type { Value } from "pullback-core";
import * as g from "pullback-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Plain } from "../../reference/array.ts";
import { sizeOf } from "../../reference/array.ts";
import { interpret } from "../../reference/interpreter.ts";

/** What the networks are made of, so that one text serves both differentiators. */
interface Algebra<T> {
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  scale(a: T, factor: number): T;
  matmul(a: T, b: T): T;
  tanh(a: T): T;
  sigmoid(a: T): T;
  softplus(a: T): T;
  exp(a: T): T;
  logSoftmax(a: T): T;
  /** Sum over the last axis. */
  sum(a: T): T;
  logSumExp(a: T): T;
  reshape(a: T, shape: number[]): T;
}

const ours: Algebra<Value> = {
  add: g.add,
  sub: g.sub,
  mul: g.mul,
  scale: g.mul,
  matmul: g.matmul,
  tanh: g.tanh,
  sigmoid: g.sigmoid,
  softplus: g.softplus,
  exp: g.exp,
  logSoftmax: (a) => g.logSoftmax(a),
  sum: (a) => g.reduceSum(a, [-1]),
  logSumExp: (a) => g.reduceLogSumExp(a, [-1]),
  reshape: g.reshape,
};

/** Arrays of jax-js are used up by whatever takes them: `ref` keeps them. */
const theirs: Algebra<np.Array> = {
  add: (a, b) => np.add(a.ref, b.ref),
  sub: (a, b) => np.subtract(a.ref, b.ref),
  mul: (a, b) => np.multiply(a.ref, b.ref),
  scale: (a, factor) => np.multiply(a.ref, factor),
  matmul: (a, b) => np.matmul(a.ref, b.ref),
  tanh: (a) => np.tanh(a.ref),
  sigmoid: (a) => nn.sigmoid(a.ref),
  softplus: (a) => nn.softplus(a.ref),
  exp: (a) => np.exp(a.ref),
  logSoftmax: (a) => nn.logSoftmax(a.ref, -1),
  sum: (a) => np.sum(a.ref, -1),
  logSumExp: (a) => nn.logsumexp(a.ref, -1),
  reshape: (a, shape) => np.reshape(a.ref, shape),
};

interface Network {
  readonly shapes: readonly number[][];
  readonly run: <T>(algebra: Algebra<T>, inputs: readonly T[]) => T;
}

const dense =
  (activation: "tanh" | "sigmoid" | "softplus"): Network["run"] =>
  (f, [z, w, b, v, c]) => {
    const hidden = f[activation](f.add(f.matmul(given(z), given(w)), given(b)));
    return f.sigmoid(f.add(f.matmul(hidden, given(v)), given(c)));
  };
const denseShapes = [[4, 2], [2, 5], [5], [5, 3], [3]];

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("an input is missing");
  return value;
}

const residual: Network = {
  shapes: [[4, 2], [2, 5], [5, 5], [5], [5, 5], [5, 3]],
  run: (f, inputs) => {
    const [z, enter, w, b, v, leave] = inputs;
    let h = f.matmul(given(z), given(enter));
    for (let block = 0; block < 3; block++) {
      const inner = f.tanh(f.add(f.matmul(h, given(w)), given(b)));
      h = f.add(h, f.softplus(f.matmul(inner, given(v))));
    }
    return f.matmul(h, given(leave));
  },
};

/** The bound of Eq. 3 for 3 observations of 4 numbers, 2 latent dimensions, 5 samples each. */
const iwae: Network = {
  shapes: [[3, 4], [3, 5, 2], [4, 6], [6, 2], [6, 2], [2, 6], [6, 4], [1]],
  run: (f, inputs) => {
    const [x, noise, encode, mean, spread, decode, out, logSigma] = inputs;
    const features = f.tanh(f.matmul(given(x), given(encode)));
    const mu = f.reshape(f.matmul(features, given(mean)), [3, 1, 2]);
    const logVariance = f.reshape(f.matmul(features, given(spread)), [3, 1, 2]);
    const deviation = f.exp(f.scale(logVariance, 0.5));
    const z = f.add(mu, f.mul(given(noise), deviation));
    const hidden = f.softplus(f.matmul(f.reshape(z, [15, 2]), given(decode)));
    const decoded = f.reshape(f.matmul(hidden, given(out)), [3, 5, 4]);
    const error = f.mul(
      f.sub(f.reshape(given(x), [3, 1, 4]), decoded),
      f.exp(f.scale(given(logSigma), -1)),
    );
    const logLikelihood = f.scale(f.sum(f.mul(error, error)), -0.5);
    const difference = f.sub(f.mul(given(noise), given(noise)), f.mul(z, z));
    const prior = f.scale(f.sum(f.add(difference, logVariance)), 0.5);
    return f.sum(f.logSumExp(f.add(logLikelihood, prior)));
  },
};

const classifier: Network = {
  shapes: [
    [4, 3],
    [3, 6],
    [6, 3],
    [4, 3],
  ],
  run: (f, [x, w, v, labels]) => {
    const logits = f.matmul(f.sigmoid(f.matmul(given(x), given(w))), given(v));
    return f.sum(f.sum(f.mul(given(labels), f.logSoftmax(logits))));
  },
};

const networks: readonly (readonly [string, Network])[] = [
  ["a dense tanh decoder", { shapes: denseShapes, run: dense("tanh") }],
  ["a dense sigmoid decoder", { shapes: denseShapes, run: dense("sigmoid") }],
  ["a dense softplus decoder", { shapes: denseShapes, run: dense("softplus") }],
  ["a residual decoder", residual],
  ["the importance-weighted bound", iwae],
  ["a classifier", classifier],
];

beforeAll(async () => {
  // jax-js asks for it by name, and Node 20 has none.
  if (!("Float16Array" in globalThis)) Object.assign(globalThis, { Float16Array: class {} });
  await init("wasm");
});

const toJax = ({ shape, data }: Plain): np.Array =>
  np.reshape(np.array(Float64Array.from(data), { dtype: np.float64 }), [...shape]);

async function expectClose(what: string, got: Plain, expected: np.Array): Promise<void> {
  expect(got.shape, what).toEqual(expected.shape);
  const numbers = [...(await expected.data())];
  const scale = 1 + Math.max(...numbers.map(Math.abs));
  numbers.forEach((number, i) => {
    const error = Math.abs((got.data[i] as number) - number) / scale;
    // The exponential of jax-js in float64 has the digits of float32.
    if (!(error < 1e-5)) expect.fail(`${what}[${i}]: got ${got.data[i]}, jax-js ${number}`);
  });
}

describe.each(networks)("%s", (_, { shapes, run }) => {
  it("has the value and the derivatives that jax-js finds", async () => {
    const draw = g.random(5, "networks");
    const numbers = (shape: readonly number[]): Plain => ({
      shape,
      data: Array.from({ length: sizeOf(shape) }, () => draw.normal()),
    });
    const named = (letter: string): Value[] =>
      shapes.map((shape, i) => g.input(`${letter}${i}`, "float64", shape));
    const [xs, ts] = [named("x"), named("t")];
    const y = run(ours, xs);
    const w = g.input("w", "float64", y.shape);
    const dy = g.jvp([y], xs, ts)[0] as Value;
    const second = g.vjp([dy], xs, [w]);
    const graph = g.graph([...xs, ...ts, w], {
      y,
      dy,
      ...Object.fromEntries(g.vjp([y], xs, [w]).map((value, i) => [`g${i}`, value])),
      ...Object.fromEntries(second.map((value, i) => [`h${i}`, value])),
    });
    const inputs = Object.fromEntries(
      Object.entries(graph.inputs).map(([name, { shape }]) => [name, numbers(shape as number[])]),
    );
    const ofOurs = interpret(graph, inputs);
    const each = (letter: string): np.Array[] =>
      shapes.map((_, i) => toJax(inputs[`${letter}${i}`] as Plain));

    const f = (...arrays: np.Array[]): np.Array => run(theirs, arrays);
    const along = (...arrays: np.Array[]): np.Array => jaxJvp(f, arrays, each("t"))[1] as np.Array;
    const [value, tangent] = jaxJvp(f, each("x"), each("t")) as [np.Array, np.Array];
    await expectClose("y", ofOurs.y as Plain, value);
    await expectClose("dy", ofOurs.dy as Plain, tangent);
    const weights = (): np.Array => toJax(inputs.w as Plain);
    const [, back] = jaxVjp(f, each("x"));
    for (const [i, gradient] of (back(weights()) as np.Array[]).entries())
      await expectClose(`g${i}`, ofOurs[`g${i}`] as Plain, gradient);
    const [, backAlong] = jaxVjp(along, each("x"));
    for (const [i, gradient] of (backAlong(weights()) as np.Array[]).entries())
      await expectClose(`h${i}`, ofOurs[`h${i}`] as Plain, gradient);
  });
});
