/** `maxTokens` as `max_tokens`: scripts in JavaScript may write either. */
export function snakeCase(key: string): string {
  return key.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
