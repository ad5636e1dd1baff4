/**
 * @file The state in the page's address, behind the #: what is needed to see the same again.
 *
 *     #model=pendulum&path=-1.2,0.4;0.3,1.9&metric=smoothed,1000,2&colour=angle&view=0,0,120
 *     #model=motion&axes=0,2&at=0,0.4,0    or    &through=0,0,1;1,0,0;0,1,0
 *     #model=mine&only=age,31,52;mass,2,3&without=kind,fox,owl&search=young
 */
import type { MetricChoice } from "pullback-core";
import { metricNames } from "pullback-core";
import type { Device } from "../protocol/messages.ts";
import type { Filter, Filters } from "../view/filter.ts";
import type { PlaneChoice } from "../view/plane.ts";

export interface Address {
  readonly model?: string;
  /** Points of the path. */
  readonly path?: readonly (readonly number[])[];
  readonly metric?: MetricChoice;
  /** Left out where it is WebAssembly. */
  readonly engine?: Device;
  readonly colour?: string;
  /** Which codes are drawn. */
  readonly filters?: Filters;
  readonly search?: string;
  readonly view?: { readonly x: number; readonly y: number; readonly scale: number };
  /** The plane that is drawn, where there are more dimensions than two. */
  readonly plane?: PlaneChoice;
}

/** The text behind the #. */
export function writeAddress(address: Address): string {
  const { model, path, metric, engine, colour, filters = new Map(), search, view, plane } = address;
  const parts: string[] = [];
  const add = (key: string, value: string | undefined): void => {
    if (value)
      parts.push(
        `${key}=${encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3B", ";")}`,
      );
  };
  add("model", model);
  add("path", path?.map((point) => point.map(brief).join(",")).join(";"));
  if (metric && metric.name !== "pullback")
    add(
      "metric",
      [metric.name, metric.lambda, metric.rank].filter((part) => part !== undefined).join(","),
    );
  add("engine", engine === "webgpu" ? engine : undefined);
  add("colour", colour);
  add(
    "only",
    lists(filters, (filter) => filter.kind === "range" && [filter.from, filter.to]),
  );
  add(
    "without",
    lists(filters, (filter) => filter.kind === "without" && [...filter.names]),
  );
  add("search", search);
  if (plane?.kind === "axes") {
    add("axes", plane.axes.join(","));
    add("at", plane.at?.map(brief).join(","));
  }
  if (plane?.kind === "points")
    add("through", plane.points.map((point) => point.map(brief).join(",")).join(";"));
  add("view", view && [view.x, view.y, view.scale].map(brief).join(","));
  return parts.join("&");
}

/** What an address says; what it does not say in the right form is left out. */
export function readAddress(hash: string): Address {
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  const text = (key: string): string | undefined => found.get(key) ?? undefined;
  const path = points(text("path"));
  const view = numbers(text("view") ?? "");
  return {
    model: text("model"),
    path: path && path.length >= 2 ? path : undefined,
    metric: metricFrom(text("metric")),
    engine: text("engine") === "webgpu" ? "webgpu" : undefined,
    colour: text("colour"),
    filters: filtersFrom(text("only"), text("without")),
    search: text("search"),
    view:
      view?.length === 3 && (view[2] as number) > 0
        ? { x: view[0] as number, y: view[1] as number, scale: view[2] as number }
        : undefined,
    plane: planeFrom(text("axes"), text("at"), text("through")),
  };
}

/** Filters of one kind: `name,part,part;name,part`, with commas and semicolons in names encoded. */
function lists(
  filters: Filters,
  partsOf: (filter: Filter) => readonly (string | number)[] | false,
): string {
  return [...filters]
    .flatMap(([name, filter]) => {
      const parts = partsOf(filter);
      return parts ? [[name, ...parts].map(encodeURIComponent).join(",")] : [];
    })
    .join(";");
}

function filtersFrom(only = "", without = ""): Filters | undefined {
  const filters = new Map<string, Filter>();
  for (const [name, ...bounds] of listsIn(only)) {
    const [from, to] = bounds.map(Number);
    if (name && bounds.length === 2 && Number.isFinite(from) && Number.isFinite(to))
      filters.set(name, { kind: "range", from: from as number, to: to as number });
  }
  for (const [name, ...names] of listsIn(without))
    if (name && names.length > 0) filters.set(name, { kind: "without", names: new Set(names) });
  return filters.size > 0 ? filters : undefined;
}

/** Parts of each list; none where the encoding is broken. */
function listsIn(text: string): string[][] {
  if (text === "") return [];
  try {
    return text.split(";").map((list) => list.split(",").map(decodeURIComponent));
  } catch {
    return [];
  }
}

/** Six significant digits: far below what the eye or the tolerance sees. */
const brief = (value: number): string => String(Number(value.toPrecision(6)));

function numbers(text: string): number[] | undefined {
  if (text === "") return undefined;
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return values.every(Number.isFinite) ? values : undefined;
}

/** Points of the same size, or nothing. */
function points(text = ""): number[][] | undefined {
  const found = text.split(";").map(numbers);
  const isWhole = found.every((point) => point && point.length === found[0]?.length);
  return isWhole ? (found as number[][]) : undefined;
}

function planeFrom(axesText = "", atText = "", through = ""): PlaneChoice | undefined {
  const corners = points(through);
  if (corners?.length === 3)
    return { kind: "points", points: corners as unknown as [number[], number[], number[]] };
  const axes = numbers(axesText);
  if (axes?.length !== 2 || !axes.every((axis) => Number.isInteger(axis) && axis >= 0))
    return undefined;
  const at = numbers(atText);
  return { kind: "axes", axes: axes as [number, number], ...(at ? { at } : {}) };
}

function metricFrom(text = ""): MetricChoice | undefined {
  const [word, ...rest] = text.split(",");
  const name = metricNames.find((each) => each === word);
  const [lambda, rank] = rest.map(Number);
  if (!name) return undefined;
  if (name !== "smoothed") return { name };
  if (!lambda || !(lambda > 0)) return undefined;
  return Number.isInteger(rank) && (rank as number) > 0 ? { name, lambda, rank } : { name, lambda };
}
