/** Number of bytes of the text in UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/**
 * The part between two UTF-8 byte offsets, the end exclusive. Offsets inside a character move outward to its
 * borders; a range that is empty or out of bounds gives an empty text.
 */
export function sliceBytes(text: string, start: number, end: number): string {
  const bytes = Buffer.from(text);
  if (start < 0 || start >= end || start >= bytes.length || end > bytes.length) return '';
  let from = start;
  let to = end;
  while (isContinuation(bytes[from])) from--;
  while (isContinuation(bytes[to])) to++;
  return bytes.toString('utf8', from, to);
}

/** At most `max` bytes of the text, the dots included that mark a cut. Never splits a character. */
export function truncateBytes(text: string, max: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= max) return text;
  const dots = '...'.slice(0, Math.max(0, max));
  let end = Math.max(0, max - dots.length);
  while (isContinuation(bytes[end])) end--;
  return bytes.toString('utf8', 0, end) + dots;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
