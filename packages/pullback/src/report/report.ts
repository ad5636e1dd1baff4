/** @file The whole picture of one model as one page. */
import type { FigureDocument } from "pullback-core";
import { summarise } from "pullback-core";
import type { Findings } from "./findings.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { duration, percent, significant, whole } from "./numbers.ts";
import type { KeyNumber, Section } from "./page.ts";
import { page, plates, table } from "./page.ts";
import { lengthPlates, pathPlates, trainingPlates } from "./plates.ts";

/** The page as HTML, nothing outside it needed. */
export function report(document: FigureDocument, findings: Findings): string {
  const { description } = findings.subject;
  const { observationShape, latentDimension, training } = description;
  const trainingFigures = trainingPlates(document, findings);
  return page({
    title: `${description.name}: distances along the manifold`,
    lead: html`A decoder from ${latentDimension} latent dimensions to observations of
      ${observationShape.join(" × ")}${
        training && ` numbers, trained for ${whole(training.steps)} steps`
      }. Its latent space is drawn below as the decoder sees it: how much each place is stretched,
      and what that does to the way from one point to another.`,
    key: keyNumbers(findings),
    sections: [
      { title: "From one point to another", body: plates(pathPlates(document, findings)) },
      { title: "Lengths", body: plates(lengthPlates(document, findings)) },
      { title: "Numbers", body: numbersTable(findings) },
      ...(trainingFigures.length ? [{ title: "Training", body: plates(trainingFigures) }] : []),
      reading,
    ],
    foot: footer(findings),
  });
}

export function keyNumbers({ subject, result }: Findings): KeyNumber[] {
  const { training } = subject.description;
  const { ratio, converged, pairs } = summarise(result.geodesics);
  const key = [
    { value: significant(ratio, 2), label: "mean geodesic length over mean straight length" },
    { value: percent(converged), label: `of ${pairs} geodesics converged` },
  ];
  if (training?.heldOut)
    key.push({
      value: significant(training.heldOut.logLikelihood, 4),
      label: "held-out log-likelihood, nats per observation",
    });
  if (training?.sigma !== undefined)
    key.push({ value: significant(training.sigma), label: "sigma of the observations" });
  return key;
}

export function numbersTable(findings: Findings): Html {
  const { result, subject, seed, engine, drawn, seconds } = findings;
  const { description, latents, decoder } = subject;
  const { training } = description;
  const s = summarise(result.geodesics);
  const shown = result.geodesics[drawn];
  const heldOut = training?.heldOut;
  const rows: (readonly [string, string] | false | undefined)[] = [
    ["pairs connected", String(s.pairs)],
    [
      "length of the geodesics, mean (median)",
      `${significant(s.meanLength)} (${significant(s.medianLength)})`,
    ],
    [
      "length of the straight lines, mean (median)",
      `${significant(s.meanStraightLength)} (${significant(s.medianStraightLength)})`,
    ],
    ["mean over mean", significant(s.ratio)],
    ["geodesics longer than their straight line", String(s.longerThanStraight)],
    ["converged", percent(s.converged)],
    [
      "residual, median (largest)",
      `${significant(s.medianResidual, 2)} (${significant(s.largestResidual, 2)})`,
    ],
    shown && [
      "the pair that is drawn",
      `number ${drawn + 1}: ${significant(shown.length)} and ${significant(shown.straightLength)}, ${shown.status}, start ${shown.start}`,
    ],
    ["ruler", `${result.metric} metric G of the decoder's mean, solver ${result.solver}`],
    ["seconds for map and geodesics", `${duration(seconds.map)}, ${duration(seconds.geodesics)}`],
    heldOut && [
      "held-out log-likelihood",
      `${significant(heldOut.logLikelihood, 5)} ± ${significant(heldOut.standardError, 2)} nats (${whole(heldOut.observations)} observations, ${whole(heldOut.samples)} samples each)`,
    ],
    training?.sigma !== undefined && ["sigma of the observations", significant(training.sigma)],
    training && [
      "training",
      `${whole(training.steps)} steps in ${duration(training.seconds)}, bound ${significant(training.bound, 4)} nats`,
    ],
    [
      "model",
      `${decoder.latentDimension} latent dimensions, ${decoder.dataDimension} outputs, ${whole(latents.length / decoder.latentDimension)} codes`,
    ],
    [
      "likelihood, preset",
      `${description.likelihood ?? "unknown"}, ${description.preset ?? "none"}`,
    ],
    ["seeds of training and of this page", `${description.seed ?? "unknown"}, ${seed}`],
    ["engine", engine],
  ];
  return table(rows.filter((row) => row !== undefined && row !== false));
}

/** What the words mean, for who comes across the page without the paper. */
export const reading: Section = {
  title: "How to read this",
  body: html`<p>A decoder turns every latent point z into an observation. Lengths here are measured on
    the observations: how much they change along a curve, not how far z moves. That is the
    pull-back metric G = JᵀJ, with J the derivative of the decoder. A <em>geodesic</em> is a
    curve that is as short as possible in this measure. The <em>magnification factor</em> √det G
    says how much area a small patch of latent space gets.</p>
    <p>The drawn pair is, of the longer half of those that converged, the one whose straight line
    exceeds its geodesic by the upper quartile of that half: a clear case, not the best one.</p>`,
};

export function footer({ engine, seed }: Findings): Html {
  return html`Made by <code>pullback</code> with ${engine}, seed ${seed}. After Chen et al.,
    <em>Metrics for Deep Generative Models</em>, AISTATS 2018.`;
}
