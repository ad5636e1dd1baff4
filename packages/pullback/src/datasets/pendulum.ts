/**
 * @file The paper's pendulum: 16 x 16 images of a rod that hangs from the centre, at any angle.
 *
 * Pixels are about 0 in the background and 1 on the rod, with Gaussian noise. The rod's edge is soft
 * over more than a pixel, so that the noise-free image is a smooth closed curve in the angle.
 */
import type { Random, Tensor } from "pullback-core";
import { random, zeros } from "pullback-core";
import type { Dataset, DatasetOptions } from "./dataset.ts";

const side = 16;
const training = 15_000;
const heldOut = 1_000;
/** Standard deviation of the noise of a pixel. */
export const pendulumNoise = 0.05;

/** In pixels. Length, radius and half of the edge add up to half of the image. */
const rod = { length: 6, radius: 1.25, edge: 1.5 };

/**
 * The image without noise, [16, 16] row-major, of a rod at `degrees`: 0 hangs down, 90 points to
 * the right.
 */
export function pendulumImage(degrees: number): Float32Array {
  const radians = (degrees * Math.PI) / 180;
  const [x, y] = [Math.sin(radians), Math.cos(radians)];
  return Float32Array.from({ length: side * side }, (_, pixel) => {
    const right = (pixel % side) + 0.5 - side / 2;
    const down = Math.floor(pixel / side) + 0.5 - side / 2;
    const along = Math.min(Math.max(right * x + down * y, 0), rod.length);
    const distance = Math.hypot(right - along * x, down - along * y);
    const inside = 0.5 + (rod.radius - distance) / rod.edge;
    return smoothStep(Math.min(Math.max(inside, 0), 1));
  });
}

/** Rises from 0 to 1 with no kink at either end. */
const smoothStep = (t: number): number => t * t * (3 - 2 * t);

/** 15,000 images at angles uniform in [0, 360), and 1,000 others from a stream of their own. */
export async function pendulum({ seed = 1 }: DatasetOptions = {}): Promise<Dataset> {
  const main = draw(training, random(seed, "pendulum", "training"));
  const other = draw(heldOut, random(seed, "pendulum", "held out"));
  return {
    name: "pendulum",
    observations: main.images,
    heldOut: other.images,
    observationShape: [side, side],
    drawing: { kind: "image", channels: 1 },
    likelihood: "gaussian",
    values: main.angles,
    heldOutValues: other.angles,
    value: { name: "angle", unit: "°", period: 360 },
  };
}

function draw(
  n: number,
  numbers: Random,
): { readonly images: Tensor<"float32">; readonly angles: Tensor<"float32"> } {
  const images = zeros("float32", [n, side * side]);
  const angles = zeros("float32", [n]);
  for (let i = 0; i < n; i++) {
    const angle = 360 * numbers.uniform();
    angles.data[i] = angle;
    const image = pendulumImage(angle);
    for (let pixel = 0; pixel < image.length; pixel++)
      images.data[i * image.length + pixel] =
        (image[pixel] as number) + pendulumNoise * numbers.normal();
  }
  return { images, angles };
}
