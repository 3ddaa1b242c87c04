import { describe, expect, it } from 'vitest';
import { checkToolCalls } from './tool-calls.js';

const call = (argumentsText: string) => ({ id: 'c1', name: 'f', argumentsText });

describe('checkToolCalls', () => {
  it('parses complete arguments', () => {
    expect(checkToolCalls([call('{"a":[1,{"b":null}]}')], 'tool-calls')[0]!.arguments).toEqual({
      a: [1, { b: null }],
    });
  });

  it('takes no text for no arguments', () => {
    expect(checkToolCalls([call(' ')], 'stop')[0]!.arguments).toEqual({});
  });

  it.each(['{"a":1', '{"a":1}}', '[1]', '"text"', 'null', '{a:1}', '{"a":1,}'])('refuses %s', (text) => {
    expect(() => checkToolCalls([call(text)], 'tool-calls')).toThrow(
      expect.objectContaining({ code: 'provider.tool_call_invalid' }),
    );
  });

  it.each(['length', 'content-filter', 'error'] as const)(
    'refuses calls of an answer that ended with %s',
    (reason) => {
      expect(() => checkToolCalls([call('{}')], reason)).toThrow(/cut off/);
    },
  );
});
