import { createRequire } from 'node:module';
import { fail } from '../../../core/errors.js';
import { type JsonObject, type JsonValue, setOwn } from '../../../core/values.js';
import { runInWorker } from '../../worker.js';
import { XPATH_SOURCE } from './xpath-source.js';

/** The longest query. */
const MAX_QUERY = 4000;
/** Characters of all matches together. */
const MAX_CHARACTERS = 2_000_000;
const MEMORY_MB = 1024;

interface Match {
  type: string;
  name: string;
  value: string;
  line?: number;
  attributes?: [string, string][];
  xml?: string;
}

type Reply =
  | { value: JsonValue }
  | { matches: Match[]; count: number; truncated: boolean }
  | { error: string };

/** A query over a document that is known to be well-formed. */
export interface XPathQuery {
  text: string;
  query: string;
  namespaces: Readonly<Record<string, string>>;
  limit: number;
}

/**
 * Runs an XPath 1.0 query in a process of its own: a short one can take for ever.
 * @throws `input.invalid` for a query that cannot be read, `component.timeout`, `limit.memory`
 */
export async function runXPath(
  { text, query, namespaces, limit }: XPathQuery,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<JsonObject> {
  if (query.length > MAX_QUERY)
    throw fail('input.invalid', `The query is longer than ${MAX_QUERY} characters`);
  const require = createRequire(import.meta.url);
  const paths = { dom: require.resolve('@xmldom/xmldom'), xpath: require.resolve('xpath') };
  const data = { ...paths, text, query, namespaces, limit, maxCharacters: MAX_CHARACTERS };
  const reply = await runInWorker<Reply>(XPATH_SOURCE, data, { timeoutMs, signal, memoryMb: MEMORY_MB });
  if ('error' in reply) throw queryError(reply.error, namespaces);
  if ('value' in reply) return { type: typeof reply.value, value: reply.value };
  const { matches, count, truncated } = reply;
  return {
    type: 'nodes',
    count,
    matches: matches.map(described),
    values: matches.map(({ value }) => value),
    truncated,
  };
}

function described({ attributes, ...rest }: Match): JsonObject {
  if (!attributes) return { ...rest };
  const named: JsonObject = {};
  for (const [name, value] of attributes) setOwn(named, name, value);
  return { ...rest, attributes: named };
}

function queryError(message: string, namespaces: Readonly<Record<string, string>>) {
  const known = Object.keys(namespaces).join(', ') || 'none';
  return fail('input.invalid', `Invalid XPath: ${message.split('\n')[0]}`, {
    hint: `XPath 1.0; known prefixes: ${known}. Bind others with 'namespaces'.`,
  });
}
