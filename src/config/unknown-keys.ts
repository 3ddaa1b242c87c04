import { closest } from '../core/schema.js';
import { isRecord } from '../core/values.js';
import type { Layer } from './layers.js';
import { formatKey, formatPath } from './paths.js';
import type { TableNode } from './tree.js';
import type { ConfigIssue, FreeTable } from './types.js';

/** Keys of a layer that the schema does not have. */
export interface UnknownKeys {
  /** Wrong for certain; removed from the layer. */
  unknown: ConfigIssue[];
  /** In a table that takes free keys, but like a misspelt known one; left in, since it may be meant. */
  doubtful: ConfigIssue[];
}

/** Finds the unknown keys of a layer and removes those that cannot be meant. */
export function takeUnknownKeys(layer: Layer, tree: TableNode): UnknownKeys {
  const found: UnknownKeys = { unknown: [], doubtful: [] };
  visit(layer.values, tree, []);
  return found;

  function visit(table: FreeTable, node: TableNode, path: string[]): void {
    for (const key of Object.keys(table)) {
      const child = node.keys.get(key) ?? node.rest;
      const value = table[key];
      if (!node.keys.has(key)) judge(table, key, node, path);
      if (child?.kind === 'table' && isRecord(value)) visit(value, child, [...path, key]);
    }
  }

  function judge(table: FreeTable, key: string, node: TableNode, path: string[]): void {
    const issue = unknownKey(key, path, node, layer);
    if (node.rest === undefined) {
      found.unknown.push(issue);
      delete table[key];
    } else if (issue.suggestion !== undefined) found.doubtful.push(issue);
  }
}

function unknownKey(key: string, path: string[], node: TableNode, layer: Layer): ConfigIssue {
  const suggestion = closest(key, [...node.keys.keys()]);
  const where = layer.where?.([...path, key]);
  const place = path.length === 0 ? 'at the top level' : `in [${formatPath(path)}]`;
  return {
    code: 'unknown_key',
    path: formatPath([...path, key]),
    message: `unknown key '${formatKey(key)}' ${place}${suggestion ? `, did you mean '${suggestion}'?` : ''}`,
    ...(suggestion && { suggestion }),
    ...(where && { where }),
  };
}
