import { z } from 'zod';
import { configSchema } from './schema.js';

/** What a leaf holds. A `map` is a table of free keys. */
export type LeafType = 'boolean' | 'integer' | 'number' | 'string' | 'list' | 'map';

/** A key that holds a value. */
export interface LeafNode {
  kind: 'leaf';
  about: string;
  type: LeafType;
  /** Whether the list's members are numbers. */
  numeric: boolean;
  schema: z.ZodType;
}

/** A key that holds a table. */
export interface TableNode {
  kind: 'table';
  about: string;
  keys: ReadonlyMap<string, SchemaNode>;
  /** What keys outside `keys` hold, where such keys are allowed. */
  rest: SchemaNode | undefined;
}

/** One key of the schema, in the form that walks over it use. */
export type SchemaNode = LeafNode | TableNode;

/** The whole schema as a tree: for unknown keys, variables and documentation. */
export function schemaTree(): TableNode {
  return toNode(configSchema) as TableNode;
}

function toNode(wrapped: z.ZodType): SchemaNode {
  const schema = unwrap(wrapped);
  const about = wrapped.description ?? schema.description ?? '';
  if (schema instanceof z.ZodObject)
    return { kind: 'table', about, keys: keysOf(schema), rest: restOf(schema) };
  const numeric = schema instanceof z.ZodArray && schema.element instanceof z.ZodNumber;
  return { kind: 'leaf', about, type: leafType(schema), numeric, schema };
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

function keysOf(schema: z.ZodObject): Map<string, SchemaNode> {
  return new Map(Object.entries(schema.shape).map(([key, value]) => [key, toNode(value as z.ZodType)]));
}

function restOf(schema: z.ZodObject): SchemaNode | undefined {
  const rest = schema.def.catchall;
  return rest === undefined || rest instanceof z.ZodNever ? undefined : toNode(rest as z.ZodType);
}

function leafType(schema: z.ZodType): LeafType {
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodNumber) return schema.format === 'safeint' ? 'integer' : 'number';
  if (schema instanceof z.ZodArray) return 'list';
  if (schema instanceof z.ZodRecord) return 'map';
  return 'string';
}

/** Every leaf with its path, in the schema's order. Tables with free names are not entered. */
export function* leaves(table: TableNode, path: string[] = []): Generator<[path: string[], leaf: LeafNode]> {
  for (const [key, node] of table.keys) {
    if (node.kind === 'leaf') yield [[...path, key], node];
    else yield* leaves(node, [...path, key]);
  }
}

/** The node for the key at `path`; keys with free names lead to what such keys hold. */
export function nodeAt(table: TableNode, path: readonly string[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = table;
  for (const key of path) {
    if (node?.kind !== 'table') return undefined;
    node = node.keys.get(key) ?? node.rest;
  }
  return node;
}
