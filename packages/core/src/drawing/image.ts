/**
 * @file An observation that is an image.
 *
 * One channel is drawn as ink on paper (0 white, 1 black), which prints well and shows a faint
 * stroke; three channels as they are. Values outside [0, 1] are cut.
 */
import { InputError } from "../array/errors.ts";
import type { FloatArray } from "../array/tensor.ts";
import type { Pixels } from "./pixels.ts";

/** Height, width and channels of an image observation: [h, w], [h, w, c] or [3, h, w]. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** One channel after another, as convolutions write images, instead of pixel after pixel. */
  readonly planar?: boolean;
}

/** Throws `InputError` for a shape that is no image. */
export function imageShape(observationShape: readonly number[], channels: 1 | 3 = 1): ImageShape {
  const [height, width, last = 1] = observationShape;
  if (channels === 3 && height === 3 && width && last > 1 && last !== 3)
    return { height: width, width: last, channels, planar: true };
  const rank = channels === 1 ? [2, 3] : [3];
  if (!height || !width || last !== channels || !rank.includes(observationShape.length))
    throw new InputError(
      `drawing image: expected a shape [height, width${channels === 3 ? ", 3" : ""}], got [${observationShape}]`,
    );
  return { height, width, channels };
}

/** The pixels of one observation x: [height * width * channels], values in [0, 1]. */
export function imagePixels(
  x: FloatArray,
  { height, width, channels, planar = false }: ImageShape,
): Pixels {
  if (x.length !== height * width * channels)
    throw new InputError(
      `drawing image: expected ${height * width * channels} values for ${height} x ${width} x ${channels}, got ${x.length}`,
    );
  const rgba = new Uint8ClampedArray(height * width * 4);
  const at = (pixel: number, c: number): number =>
    planar ? c * height * width + pixel : pixel * channels + c;
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let c = 0; c < 3; c++) {
      const value = x[at(pixel, channels === 3 ? c : 0)] as number;
      rgba[pixel * 4 + c] = 255 * (channels === 3 ? value : 1 - value);
    }
    rgba[pixel * 4 + 3] = 255;
  }
  return { height, width, rgba };
}
