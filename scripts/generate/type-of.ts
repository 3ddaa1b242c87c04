import { z } from 'zod';
import { pascalCase } from './names.js';
import { parseSignature } from './signature.js';
import { type FieldNode, type TypeNode, unionOf } from './type-text.js';

/** What JSON Schema says of a type, with the notes that `src/globals/types.ts` adds. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  raw?: boolean;
  signature?: string;
  method?: boolean;
  handle?: string;
}

/** A type that has a name of its own. */
export interface NamedType {
  type: TypeNode;
  doc: string;
}

/** A type with what is said about it. */
export interface DescribedType {
  type: TypeNode;
  doc: string;
  optional: boolean;
}

/** The interface of a handle kind: `AgentHandle` for `agent`. */
export function handleName(kind: string): string {
  return `${pascalCase(kind)}Handle`;
}

/** Turns zod schemas into types and gathers the ones that have a name of their own (`.meta({ id })`). */
export class TypeReader {
  /** Name → type and its description, in the order in which they were met. */
  readonly named = new Map<string, NamedType>();
  /** Whoever asked for types, in order → the names they met. */
  readonly mentions = new Map<string, Set<string>>();
  private met = new Set<string>();

  /** What is read from now on belongs to `owner`. */
  begin(owner: string): void {
    this.met = new Set();
    this.mentions.set(owner, this.met);
  }

  /** The owner of a named type: whose name it begins with, else who met it first. */
  ownerOf(name: string): string {
    const owners = [...this.mentions].filter(([, met]) => met.has(name)).map(([owner]) => owner);
    return owners.find((owner) => name.startsWith(owner)) ?? owners[0]!;
  }

  /** @param io whether the schema describes what goes in (parameters) or comes out (results). */
  read(schema: z.ZodType, io: 'input' | 'output'): DescribedType {
    const whole = z.toJSONSchema(z.object({ value: schema }), {
      io,
      unrepresentable: 'any',
      override: fixRequired,
    });
    const { properties, $defs = {} } = whole as unknown as {
      properties: { value: Schema };
      $defs?: Record<string, Schema>;
    };
    for (const [name, definition] of Object.entries($defs)) this.define(name, definition);
    const { value } = properties;
    return { type: typeOf(value), doc: value.description ?? '', optional: isOptional(schema) };
  }

  private define(name: string, definition: Schema): void {
    if (isAnonymous(name)) return;
    const entry = { type: typeOf(definition), doc: definition.description ?? '' };
    const known = this.named.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(entry))
      throw new Error(`two types are named ${name}`);
    this.named.set(name, entry);
    this.met.add(name);
  }
}

/** Coercions accept nothing at all on their way in; a field is only optional when it says so. */
function fixRequired({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const shape = (zodSchema._zod.def as { shape?: Record<string, z.ZodType> }).shape;
  if (!shape) return;
  jsonSchema.required = Object.entries(shape).flatMap(([name, field]) => (isOptional(field) ? [] : [name]));
}

function isOptional(schema: z.core.$ZodType): boolean {
  const def = schema._zod.def as unknown as { type: string; innerType?: z.ZodType; out?: z.ZodType };
  if (['optional', 'default', 'prefault'].includes(def.type)) return true;
  const inner =
    def.type === 'pipe' ? def.out : ['nullable', 'readonly'].includes(def.type) ? def.innerType : undefined;
  return inner !== undefined && isOptional(inner);
}

/** The names that zod makes up for recursive schemas. */
const isAnonymous = (name: string) => name.startsWith('__schema');

function typeOf(schema: Schema): TypeNode {
  if (schema.raw && schema.type === 'any') return { kind: 'any' };
  if (schema.signature !== undefined) return callbackType(schema.signature, schema.method === true);
  if (schema.handle !== undefined) return { kind: 'named', name: handleName(schema.handle) };
  if (schema.$ref !== undefined) return referenceType(schema.$ref);
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return unionOf(schema.enum.map(literal));
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return unionOf(options.map(typeOf));
  if (schema.allOf?.length === 1) return typeOf(schema.allOf[0]!);
  if (Array.isArray(schema.type)) return unionOf(schema.type.map((type) => plainType({ ...schema, type })));
  return plainType(schema);
}

function plainType(schema: Schema): TypeNode {
  switch (schema.type) {
    case 'string':
    case 'number':
    case 'integer':
    case 'boolean':
    case 'null':
      return { kind: schema.type };
    case 'array':
      if (schema.prefixItems) return { kind: 'tuple', items: schema.prefixItems.map(typeOf) };
      return { kind: 'list', item: typeOf(schema.items ?? {}) };
    case 'object':
      return objectType(schema);
    default:
      return { kind: 'any' };
  }
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema): TypeNode {
  const rest = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : undefined;
  const fields = Object.entries(properties).map(
    ([name, property]): FieldNode => ({
      name,
      type: typeOf(property),
      optional: !required.includes(name),
      doc: property.description ?? '',
    }),
  );
  return fields.length === 0
    ? { kind: 'record', value: rest ?? { kind: 'any' } }
    : { kind: 'object', fields, rest };
}

function referenceType(ref: string): TypeNode {
  const name = ref.replace('#/$defs/', '');
  return ref === '#' || isAnonymous(name) ? { kind: 'any' } : { kind: 'named', name };
}

function callbackType(signature: string, method: boolean): TypeNode {
  const type = parseSignature(signature);
  return type.kind === 'function' ? { ...type, method } : type;
}

function literal(value: unknown): TypeNode {
  return value === null ? { kind: 'null' } : { kind: 'literal', value: value as string | number | boolean };
}
