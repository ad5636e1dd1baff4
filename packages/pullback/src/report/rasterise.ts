/**
 * @file An SVG text to PNG bytes.
 *
 * The font comes with the package (Arimo, the metric twin of Arial), so that a machine without
 * fonts draws the same picture as any other.
 */
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";

const require = createRequire(import.meta.url);
const fontFiles = [
  "400Regular/Arimo_400Regular.ttf",
  "400Regular_Italic/Arimo_400Regular_Italic.ttf",
  "700Bold/Arimo_700Bold.ttf",
];

/** PNG at `scale` pixels a unit of the picture, 2 by default. */
export function rasterise(svg: string, { scale = 2 }: { readonly scale?: number } = {}): Buffer {
  const resvg = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: fontFiles.map((file) => require.resolve(`@expo-google-fonts/arimo/${file}`)),
      defaultFontFamily: "Arimo",
      sansSerifFamily: "Arimo",
    },
  });
  return resvg.render().asPng();
}
