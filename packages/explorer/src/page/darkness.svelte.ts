/** @file Whether the reader's system asks for a dark page. */
import { MediaQuery } from "svelte/reactivity";

export function darkness(): { readonly value: boolean } {
  const query = new MediaQuery("prefers-color-scheme: dark");
  return {
    get value() {
      return query.current;
    },
  };
}
