/** @file The pendulum (Section 4.3, Fig. 1, 2 and 4): one degree of freedom, known ground truth. */
import { leastSquares, mean, ring, summarise, tensor } from "pullback-core";
import { html } from "../report/html.ts";
import { percent, significant } from "../report/numbers.ts";
import type { Analysis, Experiment, ExperimentContext, ExperimentNumber } from "./experiment.ts";

export const pendulum: Experiment = {
  name: "pendulum",
  title: "The pendulum",
  lead: html`Images of a pendulum, 16 × 16 pixels with noise, are all a model sees; the angle is never
    told. If distances in its latent space are measured along the manifold, they should grow with the
    angle between two images. This is Section 4.3 of Chen et al. (2018) again, with its Figures 1, 2 and 4.`,
  differences: [
    html`Lengths here are measured in the pull-back metric G itself. The paper smooths it first (Ĝ of
      Eq. 17, with a λ it does not state), so its absolute lengths cannot be compared; ratios and
      shapes can. Smoothing is not in this version.`,
    html`Geodesics are found by a batched Gauss-Newton solver from several starts, not by training one
      network for each pair.`,
    html`Pairs are random pairs of latent means of the training images, whose angles differ by more
      than 0 and at most 180 degrees.`,
    html`In G itself it can be shorter to leave the ring of codes and let the image fade than to turn
      the pendulum through all angles between: compare the geodesics with the paths along the data.
      The paper says so of this data set, and smooths its metric until the geodesics keep to the ring.`,
    html`The path along the data goes through the mean code of each 5 degrees.`,
  ],
  analyse,
};

async function analyse({ findings }: ExperimentContext): Promise<Analysis> {
  const { result, differences = [], dataLengths = [], subject, geodesic, straight } = findings;
  const { values, latents, description } = subject;
  const s = summarise(result.geodesics);
  const lengths = result.geodesics.map(({ length }) => length);
  const straightLengths = result.geodesics.map(({ straightLength }) => straightLength);
  const found =
    values &&
    ring(tensor("float32", [values.length, 2], latents), values, description.value?.period);
  const pairs = `${s.pairs} random pairs`;
  const both = "paper in Ĝ, ours in G";
  const numbers: ExperimentNumber[] = [
    {
      name: "mean geodesic / mean straight line",
      paper: 0.389,
      ours: s.ratio,
      ruler: both,
      setting: pairs,
    },
    {
      name: "mean length of geodesics",
      paper: 0.319,
      ours: s.meanLength,
      ruler: both,
      setting: pairs,
    },
    {
      name: "mean length of straight lines",
      paper: 0.82,
      ours: s.meanStraightLength,
      ruler: both,
      setting: pairs,
    },
    {
      name: "mean length of paths along the data",
      paper: 0.353,
      ours: mean(dataLengths),
      ruler: both,
      setting: pairs,
    },
    {
      name: "one pair: geodesic / straight line",
      paper: 0.651,
      ours: geodesic.length / straight.length,
      ruler: both,
      setting: "Fig. 1; here the pair that is drawn",
    },
    {
      name: "geodesics longer than their straight line",
      paper: null,
      ours: s.longerThanStraight,
      ruler: "G",
      setting: pairs,
    },
  ];
  if (differences.length > 1)
    numbers.push(
      {
        name: "correlation of geodesic length with angle",
        paper: null,
        ours: leastSquares(differences, lengths).correlation,
        ruler: "G",
        setting: `${pairs}; the paper says "linearly correlated"`,
      },
      {
        name: "correlation of straight length with angle",
        paper: null,
        ours: leastSquares(differences, straightLengths).correlation,
        ruler: "G",
        setting: pairs,
      },
    );
  if (found)
    numbers.push(
      {
        name: "winding number of the latent means",
        paper: null,
        ours: Math.abs(found.winding),
        ruler: null,
        setting: "1 is a ring",
      },
      {
        name: "share of the ring that is monotone in angle",
        paper: null,
        ours: found.monotone,
        ruler: null,
        setting: `${found.bins} bins`,
      },
    );
  const { sigma, heldOut } = description.training ?? {};
  if (sigma !== undefined)
    numbers.push({
      name: "sigma of the observations",
      paper: null,
      ours: sigma,
      ruler: null,
      setting: "noise of the data 0.05",
    });
  if (heldOut)
    numbers.push({
      name: "held-out log-likelihood (nats)",
      paper: null,
      ours: heldOut.logLikelihood,
      ruler: null,
      setting: `± ${significant(heldOut.standardError, 2)}, ${heldOut.observations} fresh images, ${heldOut.samples} samples each`,
    });
  return {
    key: [
      {
        value: significant(s.ratio, 2),
        label: "mean geodesic over mean straight line; the paper has 0.39",
      },
      {
        value:
          differences.length > 1 ? leastSquares(differences, lengths).correlation.toFixed(2) : "–",
        label: "correlation of geodesic length with the angle",
      },
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
    numbers,
  };
}
