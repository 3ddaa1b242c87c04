/** `listKeys` for `list_keys`. */
export function camelCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])_([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
}

/** `list_keys` for `listKeys`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])([A-Z])/g, (letter) => `_${letter.toLowerCase()}`);
}

/** All other spellings of a name: the declared aliases and both cases of each. */
export function spellings(name: string, aliases: readonly string[] = []): string[] {
  const all = [name, ...aliases].flatMap((each) => [each, camelCase(each), snakeCase(each)]);
  return [...new Set(all)].filter((each) => each !== name).sort();
}

/**
 * The other spellings of a name that are its own: a name among `others`, in either case, means that one.
 * @param others the names of all members of the same table; `name` itself does not count.
 */
export function ownSpellings(
  name: string,
  aliases: readonly string[] | undefined,
  others: readonly string[],
): string[] {
  const taken = new Set(
    others.filter((other) => other !== name).flatMap((other) => [other, ...spellings(other)]),
  );
  return spellings(name, aliases).filter((spelling) => !taken.has(spelling));
}

/** `ListKeys` for `list_keys` and `list-keys`. */
export function pascalCase(name: string): string {
  const camel = camelCase(name.replaceAll('-', '_'));
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}
