/** @file A picture as plain data. */

/** RGBA, 8 bits each, row-major from the top left: [height, width, 4]. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}

/** Every pixel as a square of `times` by `times`, so that scaling a small picture never blurs it. */
export function enlarge({ width, height, rgba }: Pixels, times: number): Pixels {
  const large = new Uint8ClampedArray(rgba.length * times * times);
  const from = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const to = new Uint32Array(large.buffer);
  for (let y = 0; y < height * times; y++)
    for (let x = 0; x < width * times; x++)
      to[y * width * times + x] = from[
        Math.floor(y / times) * width + Math.floor(x / times)
      ] as number;
  return { width: width * times, height: height * times, rgba: large };
}
