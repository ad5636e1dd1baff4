/**
 * @file The floor under a benchmark: the matrix products that its graphs need, and nothing else.
 *
 * An engine that is watched counts the runs of every program; then the bare products of the same
 * shapes run as often through the same engine in the same process. The ratio of the two times says
 * how far the work is from the least it could take.
 */
import type { Engine, Graph, Tensor, Value } from "pullback";
import {
  constant,
  graph,
  input,
  matmul,
  random,
  sizeOf,
  tensorFrom,
  topological,
  zeros,
} from "pullback";

export interface Watched {
  readonly engine: Engine;
  /** Runs of each graph since the last call. */
  take(): Map<Graph, number>;
}

export function watched(inner: Engine): Watched {
  let runs = new Map<Graph, number>();
  return {
    engine: {
      ...inner,
      async compile(source) {
        const program = await inner.compile(source);
        return {
          ...program,
          run(inputs, into) {
            runs.set(source, (runs.get(source) ?? 0) + 1);
            return program.run(inputs, into);
          },
        };
      },
    },
    take() {
      const taken = runs;
      runs = new Map();
      return taken;
    },
  };
}

/** Which values of a graph are the products that count. */
type Products = (source: Graph) => Value[];

export const allProducts: Products = (source) =>
  topological(Object.values(source.outputs)).filter(({ operator }) => operator.name === "MatMul");

/** Products with a weight matrix: the layers of a network, forwards or backwards. */
const layers: Products = (source) =>
  allProducts(source).filter(({ inputs }) => inputs[1]?.shape.length === 2);

export function flops(source: Graph, products: Products = layers): number {
  return products(source).reduce((sum, value) => {
    const [a] = value.inputs as [Value];
    const inner = a.shape.at(value.attributes.transposeA ? -2 : -1) as number;
    return sum + 2 * sizeOf(value.shape as number[]) * inner;
  }, 0);
}

/** Runs the products of the graphs as often as counted; answers milliseconds. */
export async function productsFloor(
  engine: Engine,
  runs: ReadonlyMap<Graph, number>,
  productsOf: Products = layers,
) {
  const draw = random(1, "floor");
  const jobs: { run(): Promise<unknown>; readonly times: number }[] = [];
  for (const [source, times] of runs) {
    const products = productsOf(source);
    if (products.length === 0) continue;
    const random32 = (shape: readonly number[]): Tensor<"float32"> => {
      const numbers = Float64Array.from({ length: sizeOf(shape) }, () => draw.normal());
      return tensorFrom("float32", shape, numbers);
    };
    const feeds: Record<string, Tensor> = {};
    const inputs: Value[] = [];
    const stand = new Map<Value, Value>();
    const standIn = (value: Value): Value => {
      const known = stand.get(value);
      if (known) return known;
      const numbers = random32(value.shape as number[]);
      // The engine packs the constant weights of a decoder once; those in training change.
      const made = value.data ? constant(numbers) : input(`i${stand.size}`, "float32", value.shape);
      if (!value.data) {
        feeds[`i${stand.size}`] = numbers;
        inputs.push(made);
      }
      stand.set(value, made);
      return made;
    };
    const outputs = products.map((value, i) => {
      const [a, b] = value.inputs as [Value, Value];
      return [`o${i}`, matmul(standIn(a), standIn(b), value.attributes)] as const;
    });
    const program = await engine.compile(graph(inputs, Object.fromEntries(outputs)));
    const into = Object.fromEntries(
      outputs.map(([name, { type, shape }]) => [name, zeros(type, shape as number[])]),
    );
    jobs.push({ run: () => program.run(feeds, into), times });
  }
  return async (): Promise<number> => {
    const start = performance.now();
    for (const { run, times } of jobs) for (let i = 0; i < times; i++) await run();
    return performance.now() - start;
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** Times a job and its floor in turns; answers both medians and their ratio. */
export async function compare(
  job: () => Promise<unknown>,
  floor: () => Promise<number>,
  rounds: number,
) {
  const times: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await job();
    times.push(performance.now() - start);
    floors.push(await floor());
  }
  return { job: median(times), floor: median(floors), ratio: median(times) / median(floors) };
}
