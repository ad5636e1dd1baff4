/**
 * @file A queue of the numbers 0 to n - 1 by keys that may fall while they wait.
 *
 * A heap of four children in typed arrays that knows where each number stands; the keys belong to
 * the caller. Empty again, it serves the next search.
 */

export interface IndexedHeap {
  readonly size: number;
  /** Puts a number in, or moves it forward after its key has fallen. */
  push(item: number): void;
  /** Takes the number with the least key out; -1 when there is none. */
  pop(): number;
  clear(): void;
}

export function indexedHeap(keys: Float64Array): IndexedHeap {
  const items = new Int32Array(keys.length);
  /** Place in the heap plus 1; 0 outside of it. */
  const place = new Int32Array(keys.length);
  let size = 0;

  function rise(from: number, item: number): void {
    const key = keys[item] as number;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const other = items[parent] as number;
      if ((keys[other] as number) <= key) break;
      items[at] = other;
      place[other] = at + 1;
      at = parent;
    }
    items[at] = item;
    place[item] = at + 1;
  }

  function sink(item: number): void {
    const key = keys[item] as number;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      let child = first;
      let least = keys[items[first] as number] as number;
      const end = Math.min(first + 4, size);
      for (let other = first + 1; other < end; other++) {
        const value = keys[items[other] as number] as number;
        if (value < least) [child, least] = [other, value];
      }
      if (least >= key) break;
      const moved = items[child] as number;
      items[at] = moved;
      place[moved] = at + 1;
      at = child;
    }
    items[at] = item;
    place[item] = at + 1;
  }

  return {
    get size() {
      return size;
    },
    push(item) {
      const known = place[item] as number;
      rise(known === 0 ? size++ : known - 1, item);
    },
    pop() {
      if (size === 0) return -1;
      const least = items[0] as number;
      place[least] = 0;
      const last = items[--size] as number;
      if (size > 0) sink(last);
      return least;
    },
    clear() {
      for (let i = 0; i < size; i++) place[items[i] as number] = 0;
      size = 0;
    },
  };
}
