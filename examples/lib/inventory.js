/** Reads lines of the form `name,count` into an object. */
export function readInventory(path) {
  const { content } = Tool.execute('file-operations', { operation: 'read', path }).result;
  const lines = content.split('\n').flatMap((line) => /^(\w+),(\d+)$/.exec(line) ?? []);
  return Object.fromEntries(pairs(lines));
}

/** Of `whole, name, count, whole, name, count …` the names and counts. */
function* pairs(parts) {
  for (let at = 0; at < parts.length; at += 3) yield [parts[at + 1], Number(parts[at + 2])];
}
