/** Whether a text is a regular expression. */
export function isRegularExpression(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}
