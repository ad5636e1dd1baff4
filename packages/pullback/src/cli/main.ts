/**
 * @file The command line: finds the command, prints its report, turns errors into one line.
 *
 * To add a command, write one file and put it into `commands` below:
 *
 *     export const map = command({
 *       name: "map",
 *       summary: "draw the magnification factor over the latent space",
 *       arguments: { model: argument("model folder or decoder .onnx", path) },
 *       options: {
 *         out: option("FILE", "picture or array to write", path),
 *         grid: option("N", "points along each side", v.optional(wholeNumber(2), "256")),
 *         full: flag("log magnification of all of G"),
 *       },
 *       async run({ arguments: { model }, options, signal, progress }) {
 *         const { out, grid, full, overwrite, seed } = options;
 *         const target = await claimFile(out, { overwrite }); // refuse before the work starts
 *         const bar = progress({ label: "map", total: grid * grid, unit: "points" });
 *         …
 *         return { text: `wrote ${out}`, json: { out } };
 *       },
 *     });
 *
 * Throw `InputError` for what the user can put right (exit status 1), `UsageError` for a command
 * line that cannot be understood (2). Anything else is a defect and shows with `DEBUG=pullback`.
 */
import { createRequire } from "node:module";
import { Command as Commander, CommanderError, Option as CommanderOption } from "commander";
import { InputError } from "pullback-core";
import { cluster } from "./cluster.ts";
import type { Command, Given, Report, Terminal } from "./command.ts";
import { isOptional, UsageError, written } from "./command.ts";
import { data } from "./data.ts";
import { distances } from "./distances.ts";
import { embed } from "./embed.ts";
import { explore } from "./explore.ts";
import { geodesics } from "./geodesics.ts";
import { importCommand } from "./import.ts";
import { interruption } from "./interruption.ts";
import { map } from "./map.ts";
import { mean } from "./mean.ts";
import { neighbours } from "./neighbours.ts";
import { common } from "./options.ts";
import { plan } from "./plan.ts";
import { startProgress } from "./progress.ts";
import { project } from "./project.ts";
import { report } from "./report.ts";
import { reproduce } from "./reproduce.ts";
import { train } from "./train.ts";
import { worker } from "./worker.ts";

export const commands: readonly Command[] = [
  train,
  importCommand,
  data,
  map,
  geodesics,
  distances,
  embed,
  cluster,
  neighbours,
  mean,
  plan,
  project,
  report,
  reproduce,
  explore,
  worker,
];

/** Runs one command line. Returns the exit status: 0 done, 1 failed, 2 wrong usage, 130 Ctrl-C. */
export async function run(argv: readonly string[], available = commands): Promise<number> {
  const interrupted = interruption();
  // Once, however many command lines a process runs; it stays, for what is still to be written.
  process.stdout.off("error", onUnread).on("error", onUnread);
  const terminal: Terminal = {
    signal: interrupted.signal,
    progress: (options) => startProgress(options, process.stderr),
    note: (line) => process.stderr.write(`${line}\n`),
  };
  try {
    await program(available, terminal).parseAsync(argv, { from: "user" });
    return interrupted.status() ?? 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const status = interrupted.status() ?? (isUsage(error) ? 2 : 1);
    const name = available.find((command) => command.name === argv[0])?.name;
    const where = name ? `pullback ${name}` : "pullback";
    // Without a command the help was shown already.
    if (!(error instanceof CommanderError && error.code === "commander.help"))
      terminal.note(`${where}: ${interrupted.status() ? "interrupted" : message(error, where)}`);
    if (process.env.DEBUG === "pullback" && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
    return status;
  } finally {
    interrupted.dispose();
  }
}

/** A reader that has seen enough, such as `head`, is no failure of ours. */
function onUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
}

function program(available: readonly Command[], terminal: Terminal): Commander {
  const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };
  const root = new Commander("pullback")
    .description("Distances and geodesics along the manifold that a decoder learned.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  for (const command of available) add(root, command, terminal);
  return root;
}

function add(root: Commander, command: Command, terminal: Terminal): void {
  const names = Object.keys(command.arguments);
  const sub = root.command(command.name).description(command.summary);
  for (const [name, given] of Object.entries(command.arguments))
    sub.argument(isOptional(given) ? `[${name}]` : `<${name}>`, given.summary);
  for (const [name, given] of Object.entries(command.options)) {
    const placeholder = given.value ? ` <${given.value}>` : "";
    const option = new CommanderOption(`${written(name)}${placeholder}`, help(given));
    if (given.repeats)
      option.argParser((text, before: string[] | undefined) => [...(before ?? []), text]);
    if (!isOptional(given)) option.makeOptionMandatory();
    if (name in common) option.helpGroup("Common options:");
    sub.addOption(option);
  }
  sub.action(async (...args: unknown[]) => {
    const given: Given = {
      arguments: Object.fromEntries(names.map((name, i) => [name, args[i]])),
      options: sub.opts(),
    };
    print(await command.run(given, terminal), given.options.json === true);
  });
}

function help({ summary, schema }: Command["options"][string]): string {
  const preset = "default" in schema ? schema.default : undefined;
  return typeof preset === "string" ? `${summary} (default: ${preset})` : summary;
}

function print({ text, json }: Report, asJson: boolean): void {
  process.stdout.write(`${asJson ? JSON.stringify(json) : text}\n`);
}

const isUsage = (error: unknown): boolean =>
  error instanceof UsageError || error instanceof CommanderError;

/** What was expected and what came, in one line. */
function message(error: unknown, where: string): string {
  const said = (error instanceof Error ? error.message : String(error))
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ");
  if (isUsage(error)) return `${said} (see ${where} --help)`;
  if (error instanceof InputError) return said;
  return `unexpected: ${said} (DEBUG=pullback shows where)`;
}
