/** `helloWorld` → `hello_world`. A capital after a capital gets no underscore: `HTTPResponse` → `httpresponse`. */
export function snakeCase(text: string): string {
  return text
    .replace(/[\s-]+/g, '_')
    .replace(/(?<=[^\p{Lu}_])(?=\p{Lu})/gu, '_')
    .toLowerCase();
}

/** `hello_world` → `helloWorld`; words are separated by underscores, hyphens and spaces. */
export function camelCase(text: string): string {
  const pascal = pascalCase(text);
  return pascal.replace(/^\p{Lu}/u, (first) => first.toLowerCase());
}

/** `hello_world` → `HelloWorld`; words are separated by underscores, hyphens and spaces. */
export function pascalCase(text: string): string {
  const words = text.split(/[\s_-]+/).filter((word) => word !== '');
  return words.map((word) => capitalize(isShouted(word) ? word.toLowerCase() : word)).join('');
}

/** The text with its first letter in upper case. */
export function capitalize(text: string): string {
  return text.replace(/\p{L}/u, (first) => first.toUpperCase());
}

function isShouted(word: string): boolean {
  return word.length > 1 && word === word.toUpperCase();
}
