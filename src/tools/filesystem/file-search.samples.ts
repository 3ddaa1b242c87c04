import type { ToolSample } from '../define.js';

/** Calls of `file-search` with what they give. */
export const fileSearchSamples: readonly ToolSample[] = [
  {
    title: 'Find text in a folder',
    files: { 'a.txt': 'one\nneedle two\nthree\n', 'b.txt': 'nothing here\n' },
    input: { pattern: 'needle', path: '{{dir}}' },
    expect: {
      operation: 'search',
      result: {
        summary: { total_matches: 1, files_searched: 2, has_matches: true },
        matches: [{ line_number: 2, column_number: 1, matched_text: 'needle', context_before: ['one'] }],
      },
    },
  },
  {
    title: 'Find a regular expression, in either case',
    files: { 'log.txt': 'INFO start\nError: 42\n' },
    input: { pattern: 'error:\\s+\\d+', path: '{{dir}}/log.txt', use_regex: true, case_sensitive: false },
    expect: { result: { matches: [{ line_number: 2, matched_text: 'Error: 42' }] } },
  },
  {
    title: 'Only files of one kind',
    files: { 'a.lua': 'print(1)\n', 'a.md': 'print(1)\n' },
    input: { pattern: 'print', path: '{{dir}}', file_pattern: '*.lua' },
    expect: { result: { summary: { total_matches: 1, files_searched: 1 } } },
  },
  {
    title: 'A pattern that is no regular expression',
    files: { 'a.txt': 'a\n' },
    input: { pattern: '(', path: '{{dir}}', use_regex: true },
    error: 'input.invalid',
  },
];
