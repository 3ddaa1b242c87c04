import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fail } from '../core/errors.js';
import type { JsonObject, JsonValue } from '../core/values.js';
import { type ToolResult, toolResult } from './result.js';
import { runSample, type SampleCall } from './samples.js';

const giving =
  (result: JsonValue): SampleCall =>
  async (input) =>
    toolResult('probe', input, { result });

describe('runSample', () => {
  it('passes when the result holds what is expected', async () => {
    const sample = { title: 'adds', input: {}, expect: { success: true, result: { sum: 3 } } };
    expect(await runSample(sample, giving({ sum: 3, more: true }))).toMatchObject({
      title: 'adds',
      passed: true,
    });
  });

  it('says what was otherwise', async () => {
    const sample = { title: 'adds', input: {}, expect: { result: { sum: 3 } } };
    expect(await runSample(sample, giving({ sum: 4 }))).toMatchObject({
      passed: false,
      problem: 'result.sum is 4 instead of 3',
    });
  });

  it('expects errors by their code', async () => {
    const raising: SampleCall = () => Promise.reject(fail('input.invalid', 'no such thing'));
    const run = (error: string | undefined, call: SampleCall) =>
      runSample({ title: 't', input: {}, ...(error && { error }) }, call);
    expect(await run('input.invalid', raising)).toMatchObject({
      passed: true,
      error: { code: 'input.invalid' },
    });
    expect(await run('tool.failed', raising)).toMatchObject({
      passed: false,
      problem: 'it raised input.invalid instead of tool.failed: no such thing',
    });
    expect(await run(undefined, raising)).toMatchObject({
      problem: 'it raised input.invalid: no such thing',
    });
    expect(await run('tool.failed', giving(null))).toMatchObject({
      problem: 'it gave a result instead of raising tool.failed',
    });
  });

  it('gives each call a folder of its own, grants nothing else and removes it', async () => {
    let folder = '';
    const call: SampleCall = async (input, permissions): Promise<ToolResult> => {
      folder = String((input as JsonObject).path);
      expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('hello');
      expect(permissions.allows('write', join(folder, 'new.txt'))).toBe(true);
      expect(permissions.allows('read', join(folder, '..'))).toBe(false);
      expect(permissions.allows('net', 'example.com:80')).toBe(false);
      return toolResult('probe', input, { result: { at: `${folder}/a.txt` } });
    };
    const sample = {
      title: 't',
      files: { 'a.txt': 'hello' },
      input: { path: '{{dir}}', deep: [{ path: '{{dir}}/x' }] },
      expect: { result: { at: '{{dir}}/a.txt' } },
    };
    expect(await runSample(sample, call)).toMatchObject({ passed: true });
    expect(existsSync(folder)).toBe(false);
  });
});
