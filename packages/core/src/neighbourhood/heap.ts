/**
 * @file A queue of the numbers 0 to n - 1 by keys that may fall while they wait.
 *
 * A binary heap that knows where each number stands; the keys belong to the caller.
 */

export interface IndexedHeap {
  readonly size: number;
  /** Puts a number in, or moves it forward after its key has fallen. */
  push(item: number): void;
  /** Takes the number with the least key out; -1 when there is none. */
  pop(): number;
}

export function indexedHeap(keys: Float64Array): IndexedHeap {
  const items: number[] = [];
  /** Place in the heap plus 1; 0 outside of it. */
  const place = new Int32Array(keys.length);
  let size = 0;

  const rise = (from: number, item: number): void => {
    const key = keys[item] as number;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = items[parent] as number;
      if ((keys[other] as number) <= key) break;
      items[at] = other;
      place[other] = at + 1;
      at = parent;
    }
    items[at] = item;
    place[item] = at + 1;
  };

  const sink = (item: number): void => {
    const key = keys[item] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (
        child + 1 < size &&
        (keys[items[child + 1] as number] as number) < (keys[items[child] as number] as number)
      )
        child++;
      const other = items[child] as number;
      if ((keys[other] as number) >= key) break;
      items[at] = other;
      place[other] = at + 1;
      at = child;
    }
    items[at] = item;
    place[item] = at + 1;
  };

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
  };
}
