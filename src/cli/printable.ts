/**
 * Text from outside, fit for a terminal: what a script or a server chose must not move the cursor, colour a question or
 * hide a part of it, so control and direction characters are spelled out.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => {
    const code = char.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}
