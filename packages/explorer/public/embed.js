/** The explorer in an element of this page, with files from anywhere on this site. */
import { mount } from "./mount.js";

const model = "./models/pendulum/";
mount(document.getElementById("here"), {
  decoder: `${model}decoder.onnx`,
  latents: `${model}latents.npy`,
  values: `${model}values.npy`,
  description: `${model}model.json`,
});
