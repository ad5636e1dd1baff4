/**
 * @file Where the time of `connect` with its defaults goes: starts, rows through the decoder by what they
 * are for, and the rest, which is small solves and the driving of them.
 *
 * `npm run bench -- profile MODEL [PAIRS]`; without a model a random decoder of Table 2.
 */
import type { Engine, Graph } from "pullback";
import { connect, nativeEngine, programCache, pullback, random } from "pullback";
import { subjectOf } from "./decoders.ts";
import { median } from "./floor.ts";

const [folder, wanted = "100"] = process.argv.slice(2);
const count = Number(wanted);
const { decoder, latents, code } = await subjectOf(folder);
const metric = pullback(decoder);
const draw = random(1, "bench", "peers");
const pairs = Float64Array.from(Array.from({ length: 2 * count }, () => code(draw)).flat());

/** What the programs of `connect` are for, by the name of their output. */
const purposes: Readonly<Record<string, string>> = {
  products: "local models",
  H: "second derivatives",
  speed: "lengths",
  squares: "chords",
  lengths: "lattice",
  G: "tensors of fronts and ends",
};
interface Spent {
  milliseconds: number;
  rows: number;
}
const spent = new Map<string, Spent>();

const inner = nativeEngine();
const engine: Engine = {
  ...inner,
  async compile(source: Graph) {
    const program = await inner.compile(source);
    const purpose = purposes[Object.keys(source.outputs)[0] as string] ?? "other";
    return {
      ...program,
      async run(inputs, into) {
        const begun = performance.now();
        const result = await program.run(inputs, into);
        const entry = spent.get(purpose) ?? { milliseconds: 0, rows: 0 };
        entry.milliseconds += performance.now() - begun;
        entry.rows += Object.values(inputs)[0]?.shape[0] ?? 0;
        spent.set(purpose, entry);
        return result;
      },
    };
  },
};

const cache = programCache(engine);
const solve = () => connect({ engine, cache, metric, pairs, latents });
await solve();
const rounds = 3;
spent.clear();
const walls: number[] = [];
const starts: number[] = [];
for (let round = 0; round < rounds; round++) {
  const begun = performance.now();
  const { seconds } = await solve();
  walls.push(performance.now() - begun);
  starts.push(1000 * seconds.start);
}
const wall = median(walls);
const total = walls.reduce((sum, time) => sum + time, 0);
const line = (name: string, time: number, rows?: number): void =>
  console.log(
    `  ${name.padEnd(22)}${`${(time / 1000).toFixed(2)} s`.padStart(9)}${`${((100 * time) / wall).toFixed(0)} %`.padStart(7)}${rows === undefined ? "" : `${Math.round(rows)} rows`.padStart(16)}`,
  );
console.log(`${folder ?? "random decoder"}, ${count} pairs, ${inner.name}: median of ${rounds}`);
line("all", wall);
line("starts, all of it", median(starts));
let inside = 0;
for (const [purpose, { milliseconds, rows }] of [...spent].sort(
  ([, a], [, b]) => b.milliseconds - a.milliseconds,
)) {
  inside += milliseconds;
  line(purpose, milliseconds / rounds, rows / rounds);
}
line("outside the engine", (total - inside) / rounds);
await inner.dispose();
