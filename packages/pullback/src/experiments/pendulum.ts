/** @file The pendulum (Section 4.3, Fig. 1 to 4): one degree of freedom, known ground truth. */
import { ring, tensor } from "pullback-core";
import { html } from "../report/html.ts";
import { percent, significant } from "../report/numbers.ts";
import type { Experiment, ExperimentNumber, Part } from "./experiment.ts";
import { expectedMetric } from "./parts/expected.ts";
import { lengths } from "./parts/lengths.ts";
import { smoothing } from "./parts/smoothing.ts";
import { solvers } from "./parts/solvers.ts";
import { stability } from "./parts/stability.ts";

export const pendulum: Experiment = {
  name: "pendulum",
  title: "The pendulum",
  lead: html`Images of a pendulum, 16 × 16 pixels with noise, are all a model sees; the angle is never
    told. If distances in its latent space are measured along the manifold, they should grow with the
    angle between two images. This is Section 4.3 of Chen et al. (2018) again, with its Figures 1 to 4.`,
  differences: [
    html`The paper measures in its smoothed metric Ĝ (Eq. 17) with a λ and a rank that it does not state, so
      its absolute lengths cannot be compared; ratios and shapes can. Here λ comes from a stated rule, and
      everything is measured in G as well.`,
    html`In G it can be shorter to leave the ring of codes and let the image fade than to turn the pendulum
      through all angles between: compare the geodesics with the paths along the data. The paper says so of
      this data set and smooths its metric. Here smoothing alone does not keep the global shortest
      curves on the ring: where the decoder fades slowly, Ĝ makes fading cheap as well. The
      expected metric does.`,
    html`Geodesics are found by a batched solver from several starts, not by training one network for each
      pair; how that network does on the same pairs is measured beside it.`,
    html`Pairs are random pairs of latent means of the training images, whose angles differ by more
      than 0 and at most 180 degrees.`,
    html`The path along the data goes through the mean code of each 5 degrees.`,
  ],
  parts: [
    lengths({ ratio: 0.389, where: "0.319 over 0.820 in Ĝ, Fig. 4" }),
    ringPart(),
    smoothing({ ratio: 0.389, where: "0.319 over 0.820, Fig. 4", dataRatio: 0.353 / 0.82 }),
    expectedMetric,
    stability,
    solvers(100),
  ],
};

/** Whether the codes are a ring in the order of the angle. */
function ringPart(): Part {
  return {
    name: "ring",
    figures: [],
    everySeed: true,
    async run({ findings: { subject } }) {
      const { values, latents, description } = subject;
      const { sigma } = description.training ?? {};
      const numbers: ExperimentNumber[] = [];
      const add = (name: string, ours: number, setting: string): void => {
        numbers.push({ name, paper: null, ours, ruler: null, setting });
      };
      const found =
        values &&
        ring(tensor("float32", [values.length, 2], latents), values, description.value?.period);
      if (found) {
        add("winding number of the latent means", Math.abs(found.winding), "1 is a ring");
        add("share of the ring that is monotone in angle", found.monotone, `${found.bins} bins`);
      }
      if (sigma !== undefined) add("sigma of the observations", sigma, "noise of the data 0.05");
      return {
        numbers,
        key: [
          {
            value: found ? percent(found.monotone) : "–",
            label: found
              ? `of the ring monotone in angle; winding number ${Math.abs(found.winding)}`
              : "ring",
          },
          {
            value: sigma === undefined ? "–" : significant(sigma),
            label: "sigma found; the noise has 0.05",
          },
        ],
      };
    },
  };
}
