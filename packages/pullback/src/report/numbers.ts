/** @file Numbers as they are written for people. */

/** Three significant digits, without an exponent where that can be read: `0.0000123` is `1.23e-5`. */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e7) return value.toExponential(digits - 1).replace("e+", "e");
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return Number(value.toFixed(decimals)).toLocaleString("en-GB", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** `97 %`; never rounded up to all of them. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "–";
  return `${share < 1 ? Math.min(99, Math.round(share * 100)) : 100} %`;
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

/** `45 s`, `2 min 05 s`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  const rest = String(Math.round(seconds) % 60).padStart(2, "0");
  return minutes < 60
    ? `${minutes} min ${rest} s`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
