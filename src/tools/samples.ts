import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Permissions } from '../core/context.js';
import { type ErrorData, errorToData, type LlmspellError, toLlmspellError } from '../core/errors.js';
import type { JsonObject, JsonValue } from '../core/values.js';
import { noGrants } from '../security/grants.js';
import { createPermissions } from '../security/permissions.js';
import type { ToolSample } from './define.js';
import type { ToolResult } from './result.js';
import { findMismatch } from './sample-match.js';

/** How a sample went. */
export interface SampleResult {
  title: string;
  passed: boolean;
  /** What was otherwise than the sample says. */
  problem?: string;
  /** What the tool gave. */
  result?: ToolResult;
  /** What the tool raised, expected or not. */
  error?: ErrorData;
}

/**
 * Calls the tool.
 * Contract: the call may touch what `permissions` grant and nothing else; rejects with what the tool raises.
 */
export type SampleCall = (input: JsonValue, permissions: Permissions) => Promise<ToolResult>;

/** Runs a sample in a fresh temporary folder, the only place that its call may read and write. */
export async function runSample(sample: ToolSample, call: SampleCall): Promise<SampleResult> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-')));
  try {
    for (const [name, text] of Object.entries(sample.files ?? {}))
      await writeFile(join(directory, name), text);
    const permissions = createPermissions(
      { ...noGrants(), read: [directory], write: [directory] },
      { cwd: directory },
    );
    const input = inFolder(sample.input, directory) as JsonObject;
    return await call(input, permissions).then(
      (result) => judgeResult(sample, result, directory),
      (thrown: unknown) => judgeError(sample, toLlmspellError(thrown, 'tool.failed')),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function judgeResult(sample: ToolSample, result: ToolResult, directory: string): SampleResult {
  const expected = inFolder((sample.expect ?? {}) as JsonObject, directory);
  const problem = sample.error
    ? `it gave a result instead of raising ${sample.error}`
    : findMismatch(expected, result);
  return verdict(sample, problem, { result });
}

function judgeError(sample: ToolSample, error: LlmspellError): SampleResult {
  const expected = error.code === sample.error;
  const wanted = sample.error ? ` instead of ${sample.error}` : '';
  const problem = expected ? undefined : `it raised ${error.code}${wanted}: ${error.message}`;
  return verdict(sample, problem, { error: errorToData(error) });
}

function verdict(
  { title }: ToolSample,
  problem: string | undefined,
  outcome: Pick<SampleResult, 'result' | 'error'>,
): SampleResult {
  return { title, passed: problem === undefined, ...(problem !== undefined && { problem }), ...outcome };
}

/** Data with `{{dir}}` in its strings replaced by the sample's folder. */
function inFolder(value: JsonValue, directory: string): JsonValue {
  if (typeof value === 'string') return value.replaceAll('{{dir}}', directory);
  if (Array.isArray(value)) return value.map((item) => inFolder(item, directory));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inFolder(item, directory)]));
}
