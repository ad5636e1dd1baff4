/** @file The codes on the map: what is known of them, what colours them, which are drawn or chosen. */
import type { Colouring } from "../view/colouring.ts";
import { colourings } from "../view/colouring.ts";
import type { Filter, Filters } from "../view/filter.ts";
import { passing } from "../view/filter.ts";
import type { Variable } from "../view/variables.ts";
import { variables } from "../view/variables.ts";
import type { About } from "../work/session.ts";

/** What a link brings back of them. */
export interface CodesShown {
  readonly colour?: string;
  readonly filters?: Filters;
  readonly search?: string;
}

export class Codes {
  /** How many. */
  n = $state.raw(0);
  variables = $state.raw<readonly Variable[]>([]);
  colourings = $state.raw<readonly Colouring[]>([]);
  colouring = $state.raw<Colouring | null>(null);
  filters = $state.raw<Filters>(new Map());
  search = $state.raw("");
  /** Chosen with a lasso. */
  selected = $state.raw<Uint32Array | null>(null);

  /** 1 where a code passes every filter, [n]. */
  readonly passes = $derived(passing(this.variables, this.filters, this.search, this.n));
  /** How many do. */
  readonly drawn = $derived(this.passes.reduce((sum, one) => sum + one, 0));

  take(about: About, shown: CodesShown): void {
    this.n = about.latents.length / about.description.latentDimension;
    this.variables = variables(about);
    this.colourings = colourings(this.variables, this.n);
    this.colouring = this.colourings[0] ?? null;
    this.selected = null;
    this.show(shown);
  }

  get shown(): CodesShown {
    return { colour: this.colouring?.name, filters: this.filters, search: this.search };
  }

  show({ colour, filters = new Map(), search = "" }: CodesShown): void {
    if (colour !== undefined) this.colourBy(colour);
    this.filters = filters;
    this.search = search;
  }

  colourBy(name: string): void {
    this.colouring = this.colourings.find((each) => each.name === name) ?? this.colouring;
  }

  /** `undefined` lets all of a variable through. */
  filter(name: string, filter: Filter | undefined): void {
    const filters = new Map(this.filters);
    if (filter) filters.set(name, filter);
    else filters.delete(name);
    this.filters = filters;
  }

  /** What is known of a code, that which colours it first. */
  say(code: number): { readonly name: string; readonly said: string }[] {
    const { colouring } = this;
    const first = (variable: Variable): number => (variable.name === colouring?.name ? 0 : 1);
    return this.variables
      .map((variable) => ({ variable, name: variable.name, said: variable.say(code) }))
      .filter(({ said }) => said !== "")
      .sort((a, b) => first(a.variable) - first(b.variable))
      .map(({ name, said }) => ({ name, said }));
  }

  /** What colours a code, in words. */
  sayColour(code: number): string {
    const { colouring } = this;
    const said = colouring?.variable?.say(code) ?? "";
    return said === "" ? "" : `${colouring?.name} ${said}`;
  }
}
