/** @file Greys of the map: pale to dark on a light page, dark to pale on a dark one. */

/** 256 shades as grey values 0 to 255. Equal steps look equal: lightness of OKLab. */
export function shades(dark: boolean): Uint8ClampedArray {
  const [low, high] = dark ? [0.24, 0.8] : [0.985, 0.42];
  return Uint8ClampedArray.from({ length: 256 }, (_, i) => {
    const lightness = low + ((high - low) * i) / 255;
    const linear = lightness ** 3;
    const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.round(255 * encoded);
  });
}

/** From the first hundredth to the greatest of the finite logarithms. */
export function rangeOf(logs: Float32Array): readonly [number, number] {
  const sorted = logs.filter(Number.isFinite).sort();
  if (sorted.length === 0) return [-1, 1];
  const low = sorted[Math.floor(sorted.length / 100)] as number;
  const high = sorted[sorted.length - 1] as number;
  return high - low > 1e-3 ? [low, high] : [low - 0.5, high + 0.5];
}

/** Pixels of a grid whose row 0 is the lowest, [side, side, 4] from the top. */
export function shaded(
  logs: Float32Array,
  side: number,
  [low, high]: readonly [number, number],
  greys: Uint8ClampedArray,
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(side * side * 4);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const value = logs[(side - 1 - row) * side + column] as number;
      const share = Math.min(1, Math.max(0, (value - low) / (high - low))) || 0;
      const shade = greys[Math.round(255 * share)] as number;
      const at = (row * side + column) * 4;
      rgba[at] = shade;
      rgba[at + 1] = shade;
      rgba[at + 2] = shade;
      rgba[at + 3] = 255;
    }
  return rgba;
}
