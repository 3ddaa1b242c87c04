import type { ToolSample } from '../define.js';

/** Calls of `file-converter` with what they give. */
export const fileConverterSamples: readonly ToolSample[] = [
  {
    title: 'Convert the encoding of a file into another file',
    files: { 'a.txt': 'Grüße' },
    input: {
      operation: 'encoding',
      path: '{{dir}}/a.txt',
      target_path: '{{dir}}/a16.txt',
      to_encoding: 'utf-16le',
    },
    expect: { success: true, result: { operation: 'encoding', from_encoding: 'utf-8', size: 12 } },
  },
  {
    title: 'Line ends as Windows has them, in place; a copy is kept',
    files: { 'a.txt': 'one\ntwo\n' },
    input: { operation: 'line_endings', path: '{{dir}}/a.txt', line_ending: 'crlf' },
    expect: { result: { size: 10 } },
  },
  {
    title: 'Tabs at the beginning of lines become spaces',
    files: { 'a.py': 'if x:\n\ty = "\t"\n' },
    input: { operation: 'indentation', path: '{{dir}}/a.py', tab_size: 2 },
    expect: { result: { size: 16 } },
  },
  {
    title: 'CSV to JSON',
    files: { 'a.csv': 'name,age\nAda,36\n' },
    input: { operation: 'convert', path: '{{dir}}/a.csv', to_format: 'json' },
    expect: { result: { from_format: 'csv', to_format: 'json', records: 1 } },
  },
  {
    title: 'YAML to TOML',
    files: { 'a.yaml': 'server:\n  port: 8080\n' },
    input: { operation: 'convert', path: '{{dir}}/a.yaml', target_path: '{{dir}}/a.toml' },
    expect: { result: { from_format: 'yaml', to_format: 'toml' } },
  },
  {
    title: 'Ask for the encoding of a file',
    files: { 'a.txt': 'Grüße\r\n' },
    input: { operation: 'detect', path: '{{dir}}/a.txt' },
    expect: { result: { encoding: 'utf-8', bom: false, line_ending: 'crlf' } },
  },
  {
    title: 'A character that the encoding does not have',
    files: { 'a.txt': '10 €' },
    input: { operation: 'encoding', path: '{{dir}}/a.txt', to_encoding: 'iso-8859-1' },
    error: 'tool.failed',
  },
];
