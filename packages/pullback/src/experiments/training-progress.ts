/** @file How a training is shown: one bar for each phase, one after another. */
import type { TrainModelProgress } from "./train-model.ts";

/** How long work is shown, with what else is worth a look. */
export interface Bar {
  update(done: number, fields?: Readonly<Record<string, string | number>>): void;
  end(): void;
}

export interface Bars {
  progress(of: {
    readonly label: string;
    readonly total: number;
    readonly unit: string;
    readonly done?: number;
  }): Bar;
}

export function trainingProgress({ progress }: Bars, prefix = "") {
  let current: { readonly phase: string; readonly bar: Bar } | undefined;
  return {
    show({ phase, done, total, bound, sigma }: TrainModelProgress): void {
      const percent = phase === "training" ? 1 : 100 / total;
      if (current?.phase !== phase) {
        current?.bar.end();
        const unit = phase === "training" ? "steps" : "%";
        const label = `${prefix}${phase}`;
        // What came before a resume is not counted as fast.
        const before = phase === "training" ? done : 0;
        current = { phase, bar: progress({ label, total: total * percent, unit, done: before }) };
      }
      const fields = {
        ...(bound === undefined ? {} : { bound: bound.toFixed(2) }),
        ...(sigma === undefined || Number.isNaN(sigma) ? {} : { sigma: sigma.toFixed(4) }),
      };
      current.bar.update(Math.round(done * percent), fields);
    },
    end: () => current?.bar.end(),
  };
}
