import { formatPath, getAt, parsePath } from '../config/paths.js';
import { renderToml, renderValue } from '../config/render.js';
import { nodeAt, schemaTree, type TableNode } from '../config/tree.js';
import type { Config } from '../config/types.js';
import { closest } from '../core/closest.js';
import { fail } from '../core/errors.js';
import { redactSecrets } from '../core/redact.js';
import { isRecord } from '../core/values.js';

/** One value of a configuration, secrets hidden; undefined when the key is known and not set. @throws `config.unknown_key` */
export function configValue(config: Config, dotted: string): unknown {
  const path = parsePath(dotted);
  const value = getAt(redactSecrets(config), path);
  if (value === undefined && !nodeAt(schemaTree(), path)) throw unknownKey(path);
  return value;
}

/** A value as `config get` prints it: text bare, tables as TOML, what is not set as an empty line. */
export function valueText(value: unknown, dotted: string): string {
  if (value === undefined || value === null) return '\n';
  if (isRecord(value)) return renderToml(value, { prefix: parsePath(dotted) });
  return `${typeof value === 'string' ? value : renderValue(value)}\n`;
}

function unknownKey(path: string[]): Error {
  const depth = path.findIndex((_, at) => !nodeAt(schemaTree(), path.slice(0, at + 1)));
  const parent = path.slice(0, Math.max(0, depth));
  const table = nodeAt(schemaTree(), parent) as TableNode;
  const known = table.kind === 'table' ? [...table.keys.keys()] : [];
  const near = closest(path[depth] ?? '', known);
  return fail('config.unknown_key', `The configuration has no key '${formatPath(path)}'`, {
    hint: near
      ? `Did you mean '${formatPath([...parent, near])}'?`
      : known.length > 0
        ? `Keys ${parent.length > 0 ? `of ${formatPath(parent)}` : 'at the top level'}: ${known.join(', ')}`
        : `${formatPath(parent)} is a value, not a table.`,
  });
}
