import type { ToolSample } from '../define.js';

/** Calls of `base64-encoder` with what they give. */
export const base64EncoderSamples: readonly ToolSample[] = [
  {
    title: 'Encode a text',
    input: { operation: 'encode', input: 'Hello, LLMSpell!' },
    expect: {
      success: true,
      text: 'SGVsbG8sIExMTVNwZWxsIQ==',
      result: { output: 'SGVsbG8sIExMTVNwZWxsIQ==', variant: 'standard', binary: false },
    },
  },
  {
    title: 'Decode a text',
    input: { operation: 'decode', input: 'SGVsbG8sIExMTVNwZWxsIQ==' },
    expect: { result: { output: 'Hello, LLMSpell!', binary: false } },
  },
  {
    title: 'Encode bytes written as hexadecimal digits, for use in an address',
    input: { operation: 'encode', input: 'fbff00', binary_input: true, variant: 'url-safe' },
    expect: { result: { output: '-_8A', variant: 'url-safe' } },
  },
  {
    title: 'Bytes that are no text come out as hexadecimal digits',
    input: { operation: 'decode', input: '+/8A' },
    expect: { result: { output: 'fbff00', binary: true } },
  },
  {
    title: 'Encode a file into a file',
    files: { 'a.txt': 'hello' },
    input: { operation: 'encode', input_file: '{{dir}}/a.txt', output_file: '{{dir}}/a.b64' },
    expect: { success: true, result: { size: 8, variant: 'standard' } },
  },
  {
    title: 'A character that does not belong to the alphabet',
    input: { operation: 'decode', input: 'ab-_', variant: 'standard' },
    error: 'input.invalid',
  },
];
