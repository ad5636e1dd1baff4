/**
 * @file How far something is: a bar on a terminal, a line now and then elsewhere.
 *
 * Goes to standard error. What is over within a few seconds says nothing where nobody watches.
 */

/** The part of a stream that is needed. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** What is going on: `training`. */
  readonly label: string;
  /** How many there are to do. */
  readonly total: number;
  /** What is counted, for the rate: `steps`. */
  readonly unit?: string;
  /** How many were done before, such as the steps before a resume; they do not count as fast. */
  readonly done?: number;
}

export interface Progress {
  /** `done` of `total`, and what else is worth a look: `{ bound: "-12.3" }`. Cheap to call often. */
  update(done: number, fields?: Readonly<Record<string, string | number>>): void;
  /** Ends the bar with its last state; without `done` all were done. */
  end(): void;
}

/** Milliseconds between two drawings of the bar, and between two lines elsewhere. */
const intervals = { bar: 100, line: 10_000 };

export function startProgress(
  { label, total, unit = "", done: before = 0 }: ProgressOptions,
  stream: ProgressStream,
  now: () => number = Date.now,
): Progress {
  const started = now();
  const interval = stream.isTTY ? intervals.bar : intervals.line;
  let shown = stream.isTTY ? Number.NEGATIVE_INFINITY : started;
  let latest: [number, Readonly<Record<string, string | number>>] = [before, {}];
  let drawn = false;
  let pending = false;

  function show(): void {
    const [done, fields] = latest;
    const seconds = (now() - started) / 1000;
    const rate = seconds > 0 ? (done - before) / seconds : 0;
    const fraction = total > 0 ? Math.min(done / total, 1) : 1;
    const parts = [
      `${Math.floor(100 * fraction)} %`,
      `${done}/${total}`,
      ...(rate > 0 ? [`${significant(rate)} ${unit}/s`.replace(" /", " /")] : []),
      ...(rate > 0 && done < total ? [`${duration((total - done) / rate)} left`] : []),
      ...(done >= total ? [`in ${duration(seconds)}`] : []),
      ...Object.entries(fields).map(([name, value]) => `${name} ${readable(value)}`),
    ];
    if (stream.isTTY) {
      const line = `${label} ${bar(fraction)} ${parts.join("  ")}`;
      stream.write(`\r\x1b[K${line.slice(0, (stream.columns ?? 80) - 1)}`);
    } else stream.write(`${label}: ${parts.join(", ")}\n`);
    shown = now();
    drawn = true;
    pending = false;
  }

  return {
    update(done, fields = {}) {
      latest = [done, fields];
      pending = true;
      if (now() - shown >= interval) show();
    },
    end() {
      if (stream.isTTY) {
        show();
        stream.write("\n");
      } else if (drawn && pending) show();
    },
  };
}

function bar(fraction: number): string {
  const width = 20;
  const filled = Math.round(fraction * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}

const significant = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value.toPrecision(2);

const readable = (value: string | number): string =>
  typeof value === "string" || Number.isInteger(value) ? `${value}` : value.toPrecision(5);

/** Seconds as `0:42`, `3:05`, `1:02:03`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  const two = (n: number): string => `${n}`.padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
