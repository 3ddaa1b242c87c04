const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes for people, in steps of 1024: `1.5 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** A share of a whole in percent, with one decimal; 0 where there is no whole. */
export function percent(part: number, whole: number): number {
  if (!(whole > 0)) return 0;
  return Math.round(Math.min(1, Math.max(0, part / whole)) * 1000) / 10;
}
