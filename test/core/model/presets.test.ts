import { describe, expect, it } from "vitest";
import { network } from "../../../packages/core/src/model/network.ts";
import { parameterCount } from "../../../packages/core/src/model/parameters.ts";
import { preset } from "../../../packages/core/src/model/presets.ts";

const shapes = (options: Parameters<typeof preset>) =>
  network(preset(...options).spec).parameters.map(
    ({ name, shape }) => `${name} ${shape.join("x")}`,
  );

describe("presets", () => {
  it("have the networks of Table 2 in both", () => {
    const size = { dataDimension: 256, rows: 15_000 };
    const expected = [
      "encoder.0.weight 256x512",
      "encoder.0.bias 512",
      "encoder.1.weight 512x512",
      "encoder.1.bias 512",
      "encoder.mean.weight 512x2",
      "encoder.mean.bias 2",
      "encoder.variance.weight 512x2",
      "encoder.variance.bias 2",
      "decoder.0.weight 2x512",
      "decoder.0.bias 512",
      "decoder.1.weight 512x512",
      "decoder.1.bias 512",
      "decoder.mean.weight 512x256",
      "decoder.mean.bias 256",
      "logSigma ",
    ];
    expect(shapes(["pendulum", "paper", size])).toEqual(expected);
    expect(shapes(["pendulum", "quick", size])).toEqual(expected);
    const { spec, settings } = preset("pendulum", "paper", size);
    expect(spec).toMatchObject({ mean: "softplus", likelihood: "gaussian" });
    expect(settings).toMatchObject({ batchSize: 20, samples: 50, learningRate: 1e-4 });
    expect(parameterCount(network(spec).parameters)).toBe(791_813);
  });

  it("have the network of Table 3: seven residual blocks between input and output", () => {
    const size = { dataDimension: 784, rows: 60_000 };
    const names = shapes(["mnist", "paper", size]);
    expect(names.filter((name) => /^decoder\.\d\.weight 128x128$/.test(name))).toHaveLength(7);
    expect(names).toContain("decoder.input.weight 2x128");
    expect(names).toContain("decoder.mean.weight 128x784");
    expect(names).not.toContain("logSigma ");
    expect(shapes(["mnist", "quick", size])).toEqual(names);
    expect(preset("mnist", "paper", size).spec).toMatchObject({
      mean: "sigmoid",
      likelihood: "bernoulli",
    });
    // Table 3 to the letter: softplus means with a global variance.
    const literal = preset("mnist", "paper", { ...size, likelihood: "gaussian" }).spec;
    expect(literal).toMatchObject({ mean: "softplus", likelihood: "gaussian" });
  });

  it("have the network and the settings of Table 4", () => {
    const size = { dataDimension: 6, rows: 6284 };
    const names = shapes(["robot-arm", "paper", size]);
    expect(names).toEqual([
      "encoder.0.weight 6x512",
      "encoder.0.bias 512",
      "encoder.1.weight 512x512",
      "encoder.1.bias 512",
      "encoder.mean.weight 512x2",
      "encoder.mean.bias 2",
      "encoder.variance.weight 512x2",
      "encoder.variance.bias 2",
      "decoder.0.weight 2x512",
      "decoder.0.bias 512",
      "decoder.1.weight 512x512",
      "decoder.1.bias 512",
      "decoder.mean.weight 512x6",
      "decoder.mean.bias 6",
      "logSigma ",
    ]);
    expect(shapes(["robot-arm", "quick", size])).toEqual(names);
    const { spec, settings } = preset("robot-arm", "paper", size);
    expect(spec).toMatchObject({ mean: "softplus", likelihood: "gaussian" });
    expect(settings).toMatchObject({ batchSize: 150, samples: 15, learningRate: 1e-3 });
  });

  it("have the network and the settings of Table 5: one layer more on both sides", () => {
    const size = { dataDimension: 50, rows: 26_464 };
    const names = shapes(["human-motion", "paper", size]);
    expect(names.filter((name) => name.endsWith("512x512"))).toEqual([
      "encoder.1.weight 512x512",
      "encoder.2.weight 512x512",
      "decoder.1.weight 512x512",
      "decoder.2.weight 512x512",
    ]);
    expect(names).toContain("decoder.mean.weight 512x50");
    expect(shapes(["human-motion", "quick", size])).toEqual(names);
    const { spec, settings } = preset("human-motion", "paper", size);
    expect(spec).toMatchObject({ mean: "softplus", likelihood: "gaussian" });
    expect(settings).toMatchObject({ batchSize: 150, samples: 15, learningRate: 1e-3 });
  });

  it("let a table be negative", () => {
    const { spec } = preset("table", "quick", { dataDimension: 6, rows: 100 });
    expect(spec).toMatchObject({ mean: "linear", likelihood: "gaussian" });
  });
});
