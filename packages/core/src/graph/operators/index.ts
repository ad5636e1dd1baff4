/** @file Every operator and its builder. */
export * from "./arithmetic.ts";
export * from "./compare.ts";
export type { ConvolutionOptions, ConvTransposeOptions } from "./convolution.ts";
export { Conv, ConvTranspose, conv, convTranspose } from "./convolution.ts";
export {
  Constant,
  constant,
  full,
  Input,
  input,
  scalar,
  uniform,
  zerosLike,
} from "./leaf.ts";
export * from "./linear.ts";
export * from "./reduce.ts";
export * from "./select.ts";
export * from "./shape.ts";
export * from "./unary.ts";
