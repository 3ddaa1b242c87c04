/**
 * Text from outside, fit for a terminal: what a script or a server chose must not move the cursor, colour a question or
 * hide a part of it, so control and direction characters are spelled out.
 */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
