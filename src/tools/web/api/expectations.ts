import { z } from 'zod';

const list = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.array(schema).max(100)]);
const json = () => z.json();

/** What may be asked of a value. A value passes when all that is asked holds. */
const conditions = {
  equals: json().optional(),
  not_equals: json().optional(),
  one_of: z.array(json()).optional(),
  exists: z.boolean().optional(),
  type: z.enum(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']).optional(),
  contains: json().optional(),
  matches: z.string().optional(),
  greater_than: z.number().optional(),
  less_than: z.number().optional(),
  at_least: z.number().optional(),
  at_most: z.number().optional(),
  length: z.number().int().min(0).optional(),
};
const conditionsSchema = z.strictObject(conditions);
/** What is asked of one value. */
export type Conditions = z.output<typeof conditionsSchema>;

const status = z.union([
  z.number().int().min(100).max(599),
  z.string().regex(/^(?:\d{3}|[1-5]xx|\d{3}-\d{3})$/i, { error: 'a status is 200, "2xx" or "200-299"' }),
]);

/** The `expect` parameter of the API tester. */
export const expectSchema = z.strictObject({
  status: list(status).optional().describe('A status or several: 200, "2xx", "200-299".'),
  headers: z
    .union([
      z.record(z.string(), z.string()),
      z.array(z.strictObject({ name: z.string().min(1), ...conditions })).max(100),
    ])
    .optional()
    .describe('Header → value, or a list of {name, equals, contains, matches, exists …}.'),
  body_equals: z.string().optional().describe('The whole body as text.'),
  body_contains: list(z.string()).optional().describe('Text that the body contains, or several.'),
  body_not_contains: list(z.string()).optional().describe('Text that the body does not contain.'),
  body_matches: list(z.string())
    .optional()
    .describe('A regular expression (RE2) that matches in the first 200000 characters of the body.'),
  json: z
    .union([
      z.record(z.string(), json()),
      z.array(z.strictObject({ path: z.string().min(1), ...conditions })).max(200),
    ])
    .optional()
    .describe(
      'Path → value, or a list of {path, equals, not_equals, one_of, exists, type, contains, matches, greater_than, less_than, at_least, at_most, length}.',
    ),
  jq: list(z.string()).optional().describe('A jq program over the JSON body that must give true.'),
  schema: z
    .union([z.record(z.string(), json()), z.boolean()])
    .optional()
    .describe('A JSON Schema for the JSON body.'),
  max_response_time_ms: z.number().min(0).optional().describe('Milliseconds that the answer may take.'),
  max_size_bytes: z.number().int().min(0).optional().describe('Bytes that the body may have.'),
});
/** Everything that is expected of an answer. */
export type Expectations = z.output<typeof expectSchema>;
