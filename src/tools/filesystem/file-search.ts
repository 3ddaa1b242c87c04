import { z } from 'zod';
import type { ExecutionContext } from '../../core/context.js';
import { fail, LlmspellError } from '../../core/errors.js';
import type { JsonObject } from '../../core/values.js';
import { existsGuarded, readFileGuarded, statGuarded } from '../../security/files.js';
import { defineTool, type ToolOutcome } from '../define.js';
import { readPath } from '../parameters.js';
import { fileSearchSamples } from './file-search.samples.js';
import { type SearchMatch, splitLines, toMatches } from './search-matches.js';
import { createMatcher, type LineMatcher } from './search-pattern.js';
import { type WalkOptions, walk } from './search-walk.js';

/** Matches that one search gives at most. */
const MAX_MATCHES = 1000;
/** Matches that the readable text shows. */
const MAX_TEXT_LINES = 100;
/** Bytes in which a NUL marks a file as binary. */
const BINARY_PROBE = 8000;

const INCLUDE =
  'txt md rst rs py js mjs cjs ts tsx jsx lua go rb java kt swift php cpp cc c h hpp cs sh sql html css csv ' +
  'json jsonl xml yaml yml toml ini cfg conf log';
const EXCLUDE = 'exe bin so dll dylib jpg jpeg png gif bmp pdf zip tar gz rar 7z mp3 mp4 avi mkv';
const EXCLUDE_DIRS = '.git .svn .hg node_modules target .idea .vscode';

/** A list, also written as text divided by commas; an empty Lua table arrives as an empty object. */
const nameList = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(',')), emptyTable()])
  .optional();

const inputSchema = z.object({
  pattern: z.string().describe('The text or regular expression to look for.'),
  path: readPath('The file or folder to search.'),
  recursive: z.boolean().default(false).describe('Also search the folders below.'),
  case_sensitive: z.boolean().default(true).describe('Tell upper from lower case.'),
  use_regex: z
    .boolean()
    .default(false)
    .describe('Read the pattern as a regular expression (JavaScript syntax).'),
  context_lines: count(2).describe('Lines to show before and after each match, at most 50.'),
  include_extensions: nameList.describe('Search only these extensions; an empty list means all.'),
  exclude_extensions: nameList.describe('Never search these extensions.'),
  exclude_dirs: nameList.describe('Names of folders to leave out.'),
  file_pattern: z.string().max(255).optional().describe('Search only files whose name matches, e.g. *.lua.'),
  max_file_size: z.number().int().positive().default(10_485_760).describe('Skip larger files, in bytes.'),
  max_matches_per_file: count(0).describe('Stop in a file after this many matches; 0 means never.'),
  max_depth: count(20).describe('How many folders deep to go, at most 100.'),
  timeout_ms: z
    .number()
    .int()
    .min(1)
    .max(25_000)
    .default(10_000)
    .describe('Milliseconds that matching regular expressions may take altogether.'),
});
type Input = z.output<typeof inputSchema>;

/** What a search has found so far. */
interface Findings {
  matches: SearchMatch[];
  filesSearched: number;
  filesMatched: number;
  skipped: { file_path: string; reason: string }[];
}

/** Finds text in files. */
export default defineTool({
  name: 'file-search',
  category: 'filesystem',
  level: 'restricted',
  description:
    'Searches the content of files for text or a regular expression and shows each match with its lines around.',
  capabilities: ['read'],
  input: inputSchema,
  parameterAliases: { directory: 'path', dir: 'path', root: 'path', query: 'pattern', input: 'pattern' },
  samples: fileSearchSamples,
  run: search,
});

async function search(input: Input, context: ExecutionContext): Promise<ToolOutcome> {
  check(input);
  const { signal, effects } = context;
  const matcher = createMatcher(input.pattern, {
    useRegex: input.use_regex,
    caseSensitive: input.case_sensitive,
    signal,
    budgetMs: input.timeout_ms,
    now: () => effects.now(),
  });
  try {
    return outcome(await searchPath(input, matcher, context));
  } finally {
    await matcher.dispose();
  }
}

function check(input: Input): void {
  if (input.pattern === '') throw fail('input.invalid', 'Pattern cannot be empty');
  if (input.context_lines > 50) throw fail('input.invalid', 'Context lines cannot exceed 50');
  if (input.max_depth > 100) throw fail('input.invalid', 'Max depth cannot exceed 100');
}

async function searchPath(input: Input, matcher: LineMatcher, context: ExecutionContext): Promise<Findings> {
  const findings: Findings = { matches: [], filesSearched: 0, filesMatched: 0, skipped: [] };
  if (!(await existsGuarded(input.path, context)))
    throw fail('tool.failed', `Path does not exist: ${input.path}`, { details: { path: input.path } });
  const root = await statGuarded(input.path, context);
  if (root.type !== 'directory') {
    await searchFile(input.path, input, matcher, findings, context, root.path);
    return findings;
  }
  for await (const step of walk(input.path, root.path, walkOptions(input), context)) {
    context.signal.throwIfAborted();
    if (findings.matches.length >= MAX_MATCHES) break;
    if ('unreadable' in step) findings.skipped.push({ file_path: step.path, reason: step.unreadable });
    else await searchOrSkip(step.path, input, matcher, findings, context, root.path);
  }
  return findings;
}

/** A file that cannot be searched does not end the search of a folder; running out of time does. */
async function searchOrSkip(...call: Parameters<typeof searchFile>): Promise<void> {
  const [path, , , findings, context] = call;
  try {
    await searchFile(...call);
  } catch (error) {
    const skippable = error instanceof LlmspellError && /^(tool\.failed|permission\.)/.test(error.code);
    if (context.signal.aborted || !skippable) throw error;
    findings.skipped.push({ file_path: path, reason: error.message });
  }
}

async function searchFile(
  path: string,
  input: Input,
  matcher: LineMatcher,
  findings: Findings,
  context: ExecutionContext,
  within: string,
): Promise<void> {
  const bytes = await readFileGuarded(path, context, { maxBytes: input.max_file_size, within });
  if (bytes.subarray(0, BINARY_PROBE).includes(0))
    throw fail('tool.failed', `'${path}' is a binary file`, { details: { path } });
  const lines = splitLines(bytes.toString('utf8'));
  const room = MAX_MATCHES - findings.matches.length;
  const hits = await matcher.find(lines, Math.min(room, input.max_matches_per_file || room));
  findings.filesSearched++;
  if (hits.length > 0) findings.filesMatched++;
  findings.matches.push(...toMatches(path, lines, hits, input.context_lines));
}

function outcome({ matches, filesSearched, filesMatched, skipped }: Findings): ToolOutcome {
  const more = matches.length >= MAX_MATCHES ? ' (there may be more)' : '';
  const message =
    matches.length > 0
      ? `Found ${matches.length} matches across ${filesMatched} files${more} (${filesSearched} searched)`
      : `No matches found in ${filesSearched} files searched`;
  const lines = matches
    .slice(0, MAX_TEXT_LINES)
    .map((match) => `${match.file_path}:${match.line_number}: ${match.line_content}`);
  const summary: JsonObject = {
    total_matches: matches.length,
    files_searched: filesSearched,
    files_skipped: skipped.length,
    has_matches: matches.length > 0,
  };
  return {
    operation: 'search',
    result: { matches, summary, skipped_files: skipped },
    message,
    text: [message, ...lines].join('\n'),
    metadata: { count: matches.length },
  };
}

function walkOptions(input: Input): WalkOptions {
  const chosen = input.include_extensions !== undefined || input.file_pattern !== undefined;
  return {
    recursive: input.recursive,
    maxDepth: input.max_depth,
    includeExtensions: extensions(input.include_extensions, chosen ? '' : INCLUDE),
    excludeExtensions: extensions(input.exclude_extensions, chosen ? '' : EXCLUDE),
    excludeDirs: names(input.exclude_dirs, EXCLUDE_DIRS),
    filePattern: input.file_pattern,
  };
}

function names(given: string[] | undefined, usual: string): Set<string> {
  const list = (given ?? usual.split(' ')).map((name) => name.trim().toLowerCase());
  return new Set(list.filter((name) => name !== ''));
}

/** Extensions are understood as `lua`, `.lua` and `*.lua`. */
function extensions(given: string[] | undefined, usual: string): Set<string> {
  return new Set([...names(given, usual)].map((name) => name.replace(/^\*?\./, '')));
}

function count(usual: number) {
  return z.number().int().min(0).default(usual);
}

function emptyTable() {
  return z.strictObject({}).transform((): string[] => []);
}
