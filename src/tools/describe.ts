import { z } from 'zod';
import type { JsonObject, JsonValue } from '../core/values.js';
import type { ToolCost, ToolDefinition } from './define.js';
import { REACH } from './parameters.js';

/** JSON Schema of a tool's input: what models and MCP clients see. */
export function toolJsonSchema(definition: ToolDefinition): JsonObject {
  const schema = z.toJSONSchema(definition.input, {
    unrepresentable: 'any',
    io: 'input',
    override: ({ jsonSchema }) => void delete jsonSchema[REACH],
  }) as JsonObject;
  delete schema.$schema;
  return schema;
}

/** What a call takes at most: what the tool declares, or what follows from the capabilities it asks for. */
export function toolCost({ cost, capabilities }: Pick<ToolDefinition, 'cost' | 'capabilities'>): ToolCost {
  if (cost) return cost;
  if (capabilities.includes('net') || capabilities.includes('db')) return 'network';
  return capabilities.includes('run') ? 'process' : 'light';
}

/** One parameter as `Tool.get(name).schema` lists it. */
export interface ToolParameter {
  name: string;
  type: string;
  description: string;
  required: boolean;
  default?: JsonValue;
}

/** A tool's parameters as a list. */
export function toolParameters(definition: ToolDefinition): ToolParameter[] {
  const schema = toolJsonSchema(definition);
  const properties = (schema.properties ?? {}) as Record<string, JsonObject>;
  const required = new Set((schema.required ?? []) as string[]);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeName(property),
    description: String(property.description ?? ''),
    required: required.has(name),
    ...(property.default !== undefined && { default: property.default }),
  }));
}

/** The schema as scripts see it. */
export function toolSchema(definition: ToolDefinition): JsonObject {
  const { name, description } = definition;
  return { name, description, parameters: toolParameters(definition) as unknown as JsonValue };
}

function typeName(property: JsonObject): string {
  if (typeof property.type === 'string') return property.type === 'integer' ? 'number' : property.type;
  const options = (property.anyOf ?? property.oneOf ?? []) as JsonObject[];
  const types = [...new Set(options.map(typeName))];
  return types.length === 1 ? types[0]! : 'any';
}
