/**
 * @file Colours of the figures, all made in OKLab so that equal steps look equal.
 *
 * Björn Ottosson's OKLab (2020) gives lightness L and two axes, a (green to red) and b (blue to
 * yellow). Who sees no difference along a still sees L and b, so every scale varies along those.
 */

/** `t` in [0, 1] to `#rrggbb`. */
export type ColourScale = (t: number) => string;

/** White to dark grey, for a background that dots and curves must stand out from. */
export const grey: ColourScale = (t) => okLab(0.985 - 0.6 * unit(t), 0, 0);

/**
 * A scale without ends, for angles: a tilted circle in OKLab. Its shadow on the (L, b) plane is a
 * circle again, so it stays one round trip without the red-green axis.
 */
export const cyclic: ColourScale = (t) => {
  const turn = 2 * Math.PI * t;
  const c = Math.cos(turn);
  return okLab(0.61 - 0.17 * c, 0.03 + 0.1 * c, 0.125 * Math.sin(turn));
};

/** Dark blue over green to yellow, for values with two ends: close to viridis. */
export const sequential: ColourScale = (t) => {
  const anchors = [
    [0.29, 0.07, -0.1],
    [0.42, 0.0, -0.09],
    [0.54, -0.06, -0.04],
    [0.67, -0.1, 0.04],
    [0.79, -0.09, 0.12],
    [0.9, -0.04, 0.17],
  ] as const;
  const at = unit(t) * (anchors.length - 1);
  const i = Math.min(Math.floor(at), anchors.length - 2);
  const [from, to] = [anchors[i] as Lab, anchors[i + 1] as Lab];
  const mix = (axis: 0 | 1 | 2): number => from[axis] + (at - i) * (to[axis] - from[axis]);
  return okLab(mix(0), mix(1), mix(2));
};

/** Ten colours for classes: Paul Tol's muted scheme, and a black for the tenth. */
const classes = [
  "#332288",
  "#cc6677",
  "#117733",
  "#88ccee",
  "#ddaa33",
  "#882255",
  "#44aa99",
  "#999933",
  "#aa4499",
  "#444444",
];

/** Colour of class `index`; repeats after ten, where labels beside the points have to tell. */
export function categorical(index: number): string {
  return classes[index % classes.length] as string;
}

/** The curves of every figure: vermilion, blue and green of Okabe and Ito's scheme. */
export const curveColours = { geodesic: "#d55e00", straight: "#0072b2", data: "#00845f" } as const;

type Lab = readonly [number, number, number];

const unit = (t: number): number => Math.min(1, Math.max(0, t));

/** OKLab to sRGB; what lies outside is cut, channel by channel. */
function okLab(lightness: number, a: number, b: number): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const hex = linear.map((value) => {
    const v = unit(value);
    const encoded = v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
    return Math.round(255 * encoded)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${hex.join("")}`;
}
