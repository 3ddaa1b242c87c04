import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail } from '../../core/errors.js';
import type { JsonObject, JsonValue } from '../../core/values.js';
import { readFileGuarded, writeChunksGuarded } from '../../security/files.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { operationParameter } from '../operation.js';
import { readPath, writePath } from '../parameters.js';
import { patternCompiler } from './linear-pattern.js';
import type { ByteSource } from './source/bytes.js';
import { elementToJson, elementToTree, type JsonStyle, jsonToElement } from './xml/json.js';
import { printed } from './xml/print.js';
import { readXml } from './xml/reader.js';
import { RuleChecker, ruleSchema } from './xml/rules.js';
import { textLines } from './xml/text.js';
import { readTree, type XmlDocument } from './xml/tree.js';
import { wholeText } from './xml/whole-text.js';
import { runXPath } from './xml/xpath.js';
import { xmlSamples } from './xml-processor.samples.js';

const OPERATIONS = [
  'parse',
  'query',
  'validate',
  'format',
  'minify',
  'to_json',
  'from_json',
  'extract_text',
] as const;

/** Bytes of a document unless configured otherwise. */
const MAX_BYTES = 50_000_000;
/** Characters of text that a result holds when there is no file for them. */
const MAX_INLINE_CHARACTERS = 4_000_000;

const names = z.union([z.array(z.string()), z.strictObject({}).transform((): string[] => [])]);

const input = z.object({
  operation: operationParameter(OPERATIONS).default('parse').describe('What to do.'),
  input: z
    .unknown()
    .optional()
    .describe('The XML text; from_json: the JSON value or its text; or give a path.'),
  path: readPath('A file.').optional().describe('The file to read instead of input.'),
  output_path: writePath('A file.').optional().describe('Where format, minify and from_json write the XML.'),
  query: z.string().optional().describe('query: an XPath 1.0 expression, e.g. //book[@lang="en"]/title'),
  namespaces: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      "query: prefix → namespace; the root's own prefixes are known, its default one is called 'default'.",
    ),
  limit: z.number().int().min(1).max(10_000).default(1000).describe('query: the most matches to give.'),
  timeout_ms: z.number().int().min(1).max(60_000).default(10_000).describe('query: milliseconds it may run.'),
  rules: z
    .union([z.array(ruleSchema), z.strictObject({}).transform((): [] => [])])
    .default([])
    .describe('validate: rules about elements, besides that the document is well-formed.'),
  indent: z.number().int().min(0).max(8).default(2).describe('format, from_json: spaces for each level.'),
  keep_comments: z.boolean().default(true).describe('format, minify: keep comments.'),
  declaration: z.boolean().optional().describe('Begin with <?xml …?>; by default when the input did.'),
  root: z.string().optional().describe('from_json: name of the root when the value does not name it.'),
  mode: z
    .enum(['object', 'tree'])
    .default('object')
    .describe('parse, to_json: elements by name, or { name, attributes, children } which keeps their order.'),
  attribute_prefix: z.string().max(10).default('@').describe('What marks attributes in JSON.'),
  text_key: z.string().min(1).max(40).default('#text').describe('The key of text beside attributes in JSON.'),
  always_array: names.default([]).describe('to_json, parse: elements that are lists even when there is one.'),
  infer_types: z
    .boolean()
    .default(false)
    .describe('to_json, parse: numbers, true and false instead of text.'),
});
type Input = z.output<typeof input>;

/** Reads, queries, checks and rewrites XML. */
export default defineTool({
  name: 'xml-processor',
  aliases: ['xml', 'xml-parser'],
  category: 'data',
  level: 'restricted',
  description:
    'Parses XML to JSON and back, queries it with XPath, validates, formats and minifies it, and extracts its text.',
  capabilities: ['read', 'write'],
  cost: 'process',
  input,
  parameterAliases: {
    data: 'input',
    xml: 'input',
    content: 'input',
    json: 'input',
    file: 'path',
    file_path: 'path',
    input_path: 'path',
    target_path: 'output_path',
    xpath: 'query',
    expression: 'query',
    root_name: 'root',
    text_node: 'text_key',
  },
  operationAliases: {
    xpath: 'query',
    select: 'query',
    transform: 'format',
    pretty: 'format',
    pretty_print: 'format',
    beautify: 'format',
    compact: 'minify',
    xml_to_json: 'to_json',
    json_to_xml: 'from_json',
    stringify: 'from_json',
    build: 'from_json',
    text: 'extract_text',
    extract: 'extract_text',
  },
  timeoutMs: 120_000,
  samples: xmlSamples,
  run: (request, context, host) => perform(request, context, host.config.data?.max_xml_size ?? MAX_BYTES),
});

async function perform(request: Input, context: ExecutionContext, maxBytes: number): Promise<ToolOutcome> {
  switch (request.operation) {
    case 'from_json':
      return fromJson(request, context, maxBytes);
    case 'validate':
      return validated(request, context, maxBytes);
    case 'query':
      return queried(request, context, maxBytes);
    default:
      return ofDocument(request, await readTree(sourceOf(request), context, maxBytes), context);
  }
}

async function ofDocument(
  request: Input,
  document: XmlDocument,
  context: ExecutionContext,
): Promise<ToolOutcome> {
  switch (request.operation) {
    case 'to_json':
      return {
        result: asJson(request, document),
        message: `Converted ${document.elements} elements to JSON`,
      };
    case 'extract_text': {
      const text = textLines(document.root).join('\n');
      return {
        result: { text, characters: text.length },
        text,
        message: `Extracted ${text.length} characters`,
      };
    }
    case 'format':
    case 'minify':
      return written(request, document, context);
    default:
      return parsed(request, document);
  }
}

function parsed(request: Input, document: XmlDocument): ToolOutcome {
  const { root, namespaces, elements, depth } = document;
  const facts = { root: root.name, namespaces, element_count: elements, depth };
  return {
    result: { ...facts, document: asJson(request, document) },
    message: `Parsed ${elements} elements`,
  };
}

function asJson(request: Input, { root }: XmlDocument): JsonValue {
  return request.mode === 'tree'
    ? elementToTree(root)
    : { [root.name]: elementToJson(root, styleOf(request)) };
}

function styleOf(request: Input): JsonStyle {
  return {
    attributePrefix: request.attribute_prefix,
    textKey: request.text_key,
    arrays: new Set(request.always_array),
    inferTypes: request.infer_types,
  };
}

async function queried(request: Input, context: ExecutionContext, maxBytes: number): Promise<ToolOutcome> {
  const { query } = request;
  if (query === undefined) throw fail('input.invalid', "Missing required parameter 'query'");
  const text = await wholeText(sourceOf(request), context, maxBytes);
  const known = { ...text.namespaces, ...request.namespaces };
  const asked = { text: text.value, query, namespaces: known, limit: request.limit };
  const result = await runXPath(asked, request.timeout_ms, context.signal);
  return { result, message: queryMessage(result, known) };
}

/** The usual reason for finding nothing is a default namespace, so it is told. */
function queryMessage(result: JsonObject, namespaces: Readonly<Record<string, string>>): string {
  if (result.type !== 'nodes') return 'XPath evaluated';
  const found = `Found ${result.count as number} nodes`;
  const hidden = result.count === 0 && namespaces.default !== undefined;
  return hidden ? `${found}; the document has a default namespace: write default:name` : found;
}

async function validated(request: Input, context: ExecutionContext, maxBytes: number): Promise<ToolOutcome> {
  const checker = new RuleChecker(request.rules, await patternCompiler());
  const problem = await readXml(sourceOf(request), checker.handlers(), context, maxBytes);
  const errors: JsonObject[] = problem
    ? [{ kind: 'syntax', ...problem }]
    : checker.violations().map(({ path, message }) => ({ kind: 'rule', path, message }));
  const valid = errors.length === 0;
  const wrong = problem ? 'XML is not well-formed' : 'XML breaks rules';
  return {
    result: { valid, well_formed: !problem, errors, error_count: errors.length },
    message: valid ? 'XML is valid' : wrong,
  };
}

async function fromJson(request: Input, context: ExecutionContext, maxBytes: number): Promise<ToolOutcome> {
  const given = request.path === undefined ? request.input : await wholeFile(request, context, maxBytes);
  if (given === undefined) throw fail('input.invalid', "Missing required parameter 'input'");
  const root = jsonToElement(jsonOf(given), request.root, styleOf(request));
  const document = { root, before: [], after: [], hasDeclaration: request.declaration ?? true };
  return written(request, document, context);
}

async function wholeFile(request: Input, context: ExecutionContext, maxBytes: number): Promise<string> {
  return (await readFileGuarded(request.path!, context, { maxBytes })).toString('utf8');
}

function jsonOf(given: unknown): JsonValue {
  if (typeof given !== 'string') return given as JsonValue;
  try {
    return JSON.parse(given) as JsonValue;
  } catch (error) {
    throw fail('input.invalid', `JSON parse error: ${(error as Error).message}`);
  }
}

type Printable = Pick<XmlDocument, 'root' | 'before' | 'after' | 'hasDeclaration'>;

async function written(request: Input, document: Printable, context: ExecutionContext): Promise<ToolOutcome> {
  const options = {
    indent: request.operation === 'minify' ? -1 : request.indent,
    comments: request.keep_comments,
    declaration: request.declaration ?? document.hasDeclaration,
  };
  const pieces = printed(document, options, context);
  if (request.output_path !== undefined) {
    const { path, size } = await writeChunksGuarded(request.output_path, encoded(pieces), context);
    return { result: { output_path: path, size_bytes: size }, message: `Wrote ${size} bytes to ${path}` };
  }
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length > MAX_INLINE_CHARACTERS)
      throw fail('limit.output', `The XML is longer than ${MAX_INLINE_CHARACTERS} characters`, {
        hint: 'Give an output_path.',
      });
  }
  return { result: text, text, message: `XML of ${text.length} characters` };
}

async function* encoded(texts: AsyncIterable<string>) {
  for await (const text of texts) yield Buffer.from(text);
}

function sourceOf({ input: given, path }: Input): ByteSource {
  if (path !== undefined && given !== undefined)
    throw fail('input.invalid', "Give either 'input' or 'path', not both");
  if (path !== undefined) return { path };
  if (typeof given === 'string') return { text: given };
  throw fail('input.invalid', "Missing required parameter 'input': the XML text (or 'path')");
}
