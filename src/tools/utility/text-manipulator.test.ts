import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/values.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import textManipulator from './text-manipulator.js';

const change = async (operation: string, input: unknown, options: JsonObject = {}) =>
  ((await callTool(textManipulator, { operation, input, options })).result as JsonObject).result;

describe('text-manipulator', () => {
  itRunsItsSamples(textManipulator);

  it.each<[string, unknown, JsonObject, unknown]>([
    ['uppercase', 'straße', {}, 'STRASSE'],
    ['lowercase', 'ÄB', {}, 'äb'],
    ['capitalize', 'hello world', {}, 'Hello world'],
    ['reverse', 'a🦀b', {}, 'b🦀a'],
    ['trim', ' a ', {}, 'a'],
    ['replace', 'a.b.c', { from: '.', to: '$&' }, 'a$&b$&c'],
    ['substring', '🦀rust', { start: 0, end: 2 }, '🦀'],
    ['substring', 'hello', { start: 1, end: 3 }, 'el'],
    ['substring', 'hello', { start: 3, end: 3 }, ''],
    ['substring', 'hello', { start: 0, end: 99 }, ''],
    ['split', 'a b', {}, '["a","b"]'],
    ['split', 'a,b', { delimiter: ',' }, '["a","b"]'],
    ['join', '["a","b"]', { delimiter: '-' }, 'a-b'],
    ['join', ['a', 1], {}, 'a 1'],
    ['snake_case', 'helloWorld', {}, 'hello_world'],
    ['snake_case', 'HTTPResponse', {}, 'httpresponse'],
    ['snake_case', 'Hello World-now', {}, 'hello_world_now'],
    ['camel_case', 'hello_world-now', {}, 'helloWorldNow'],
    ['camel_case', 'HELLO_WORLD', {}, 'helloWorld'],
    ['pascal_case', 'hello_world', {}, 'HelloWorld'],
    ['sanitize', '  Hello\0World  ', {}, 'HelloWorld'],
    ['truncate', 'Hello, world!', { max_length: 5 }, 'He...'],
    ['truncate', 'Hello', { max_length: 3 }, '...'],
    ['truncate', 'Hello', { max_length: 5 }, 'Hello'],
    ['truncate', '🦀🦀🦀', { max_length: 9 }, '🦀...'],
    ['indent', 'a\nb', { spaces: 2 }, '  a\n  b'],
    ['dedent', '    a\n      b\n\n    c', {}, 'a\n  b\n\nc'],
    ['normalize_whitespace', '  a \n b\t c ', {}, 'a b c'],
    ['word_wrap', 'aaa bbb ccc', { width: 7 }, 'aaa bbb\nccc'],
    ['word_wrap', 'aaaaaaaaaa b', { width: 4 }, 'aaaaaaaaaa\nb'],
    ['word_wrap', 'abc', { width: 0 }, ''],
    ['count', 'one two three', {}, 3],
    ['count', 'one 🦀', { count_type: 'chars' }, 5],
    ['count', 'a\nb', { count_type: 'lines' }, 2],
    ['constant', 'ignored', { value: 'same' }, 'same'],
    [
      'format',
      '',
      { template: 'Hi {name}, {{ town.name }} {no}', values: { name: 'Bo', town: { name: 'X' } } },
      'Hi Bo, X {no}',
    ],
    ['format', '{1}-{2}', { values: ['a', 2] }, 'a-2'],
    ['extract', 'a1 b22', { pattern: '\\d+' }, ['1', '22']],
    ['extract', 'k=v, x=y', { pattern: '(\\w)=' }, ['k', 'x']],
    ['extract', 'none', { pattern: '\\d+' }, []],
    ['validate', 'bo@example.org', { pattern: 'email' }, true],
    ['validate', 'mail bo@example.org', { pattern: 'email' }, false],
    ['validate', 'abc123', { pattern: '^[a-z]+\\d+$' }, true],
    [
      'transform',
      ' Hello ',
      { transformations: ['trim', { operation: 'replace', options: { from: 'l', to: 'L' } }] },
      'HeLLo',
    ],
  ])('%s of %j with %j', async (operation, input, options, expected) => {
    expect(await change(operation, input, options)).toEqual(expected);
  });

  it('takes settings beside the input and text for input', async () => {
    const raw = { operation: 'count', text: 'a b', count_type: 'chars' };
    await expect(callTool(textManipulator, raw)).resolves.toMatchObject({ result: { result: 3 } });
  });

  it('measures in bytes', async () => {
    const answer = await callTool(textManipulator, { operation: 'reverse', input: '🦀' });
    expect(answer.result).toMatchObject({ original_length: 4, result_length: 4, operation: 'reverse' });
  });

  it('gives the parts of a split as a list too', async () => {
    const answer = await callTool(textManipulator, { operation: 'split', input: 'a b' });
    expect(answer.result).toMatchObject({ parts: ['a', 'b'] });
  });

  it('analyzes', async () => {
    expect(await change('analyze', 'One two. Two three!\n\nEnd')).toMatchObject({
      words: 5,
      unique_words: 4,
      sentences: 3,
      lines: 3,
      paragraphs: 2,
    });
  });

  it('ends a pattern that backtracks for ever', async () => {
    const call = change('validate', `${'a'.repeat(40)}!`, { pattern: '^(a+)+$' });
    await expect(call).rejects.toMatchObject({ code: 'component.timeout' });
  });

  it.each<[JsonObject, string]>([
    [{ operation: 'explode', input: 'x' }, 'Unknown operation'],
    [{ input: 'x' }, "Missing required parameter 'operation'"],
    [{ operation: 'uppercase' }, "Missing required parameter 'input'"],
    [{ operation: 'replace', input: 'x', options: { from: 'a' } }, "'to'"],
    [{ operation: 'substring', input: 'x' }, "'start'"],
    [{ operation: 'join', input: 'not a list' }, 'join needs a list'],
    [{ operation: 'extract', input: 'x', pattern: '(' }, 'Invalid pattern'],
    [{ operation: 'indent', input: 'x', options: { spaces: 'two' } }, 'spaces'],
    [{ operation: 'transform', input: 'x', transformations: ['explode'] }, "Unknown operation 'explode'"],
  ])('refuses %j', async (input, message) => {
    await expect(callTool(textManipulator, input)).rejects.toThrow(message);
  });
});
