import type { GraphQLNamedType, GraphQLSchema, IntrospectionQuery } from 'graphql';
import { fail } from '../../../core/errors.js';
import type { JsonObject, JsonValue } from '../../../core/values.js';

/** Longer schema texts are cut; single types can be asked for. */
const MAX_SCHEMA_CHARACTERS = 200_000;
/** The most types that are listed. */
const MAX_TYPES = 2000;

/** The query that asks a server for its schema. */
export async function introspectionQuery(): Promise<string> {
  const { getIntrospectionQuery } = await import('graphql');
  return getIntrospectionQuery({ descriptions: true });
}

/**
 * The schema that a server describes, in the schema language, with a list of its types.
 * @param only names of the types to show; all when empty
 * @throws `tool.failed` when it is no schema, `input.invalid` for a type that it lacks
 */
export async function describeSchema(data: JsonValue, only: readonly string[]): Promise<JsonObject> {
  const { buildClientSchema, printSchema, printType } = await import('graphql');
  const schema = built(() => buildClientSchema(data as unknown as IntrospectionQuery));
  const types = only.length > 0 ? only.map((name) => typeNamed(schema, name)) : ownTypes(schema);
  const text = only.length > 0 ? types.map(printType).join('\n\n') : printSchema(schema);
  return {
    schema: text.slice(0, MAX_SCHEMA_CHARACTERS),
    ...(text.length > MAX_SCHEMA_CHARACTERS && { truncated: true }),
    types: types.slice(0, MAX_TYPES).map(described),
    type_count: types.length,
    query_type: schema.getQueryType()?.name ?? null,
    mutation_type: schema.getMutationType()?.name ?? null,
    subscription_type: schema.getSubscriptionType()?.name ?? null,
  };
}

function built(build: () => GraphQLSchema): GraphQLSchema {
  try {
    return build();
  } catch (error) {
    throw fail('tool.failed', `The endpoint's introspection is not a schema: ${(error as Error).message}`);
  }
}

function typeNamed(schema: GraphQLSchema, name: string): GraphQLNamedType {
  const type = schema.getType(name);
  if (!type) throw fail('input.invalid', `The schema has no type '${name}'`);
  return type;
}

function ownTypes(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
}

function described(type: GraphQLNamedType): JsonObject {
  const fields = 'getFields' in type ? Object.keys(type.getFields()) : undefined;
  const values = 'getValues' in type ? type.getValues().map((value) => value.name) : undefined;
  return {
    name: type.name,
    kind: kindOf(type),
    ...(type.description && { description: type.description }),
    ...(fields && { fields }),
    ...(values && { values }),
  };
}

/** `GraphQLObjectType` → `object`. */
function kindOf(type: GraphQLNamedType): string {
  const name = Object.prototype.toString.call(type).slice(8, -1);
  return name
    .replace(/^GraphQL|Type$/g, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
