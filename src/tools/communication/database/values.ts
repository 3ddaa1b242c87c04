/** A whole number as a number where it is exact, else as text. */
export function exactInteger(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

/** A decimal as a number where it is the very same, else as text: `1.50` keeps its scale only as text. */
export function exactDecimal(text: string): number | string {
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}

/** A binary fraction; JSON has no word for what is not finite. */
export function float(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** Bytes as base64. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** `2024-01-02 03:04:05.678` as ISO 8601; what is no such date stays as it is. */
export function isoDateTime(text: string, zone = ''): string {
  return /^\d{4,}-\d\d-\d\d \d/.test(text) ? `${text.replace(' ', 'T')}${zone}` : text;
}
