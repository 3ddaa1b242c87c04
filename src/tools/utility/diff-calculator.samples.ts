import type { ToolSample } from '../define.js';

/** Calls of `diff-calculator` with what they give. */
export const diffCalculatorSamples: readonly ToolSample[] = [
  {
    title: 'Compare two texts',
    input: { old_text: 'one\ntwo\n', new_text: 'one\n2\n' },
    expect: {
      success: true,
      operation: 'text_diff',
      result: {
        type: 'text',
        format: 'unified',
        diff: '--- old\n+++ new\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n',
        stats: { old_lines: 2, new_lines: 2, added: 1, removed: 1 },
      },
    },
  },
  {
    title: 'Compare two files, briefly',
    files: { 'a.txt': 'one\ntwo\n', 'b.txt': 'one\ntwo\nthree\n' },
    input: { old_file: '{{dir}}/a.txt', new_file: '{{dir}}/b.txt', format: 'simple' },
    expect: { result: { diff: 'Total changes: 1\n\nAdded at line 3: 1 line(s)\n' } },
  },
  {
    title: 'Compare word by word',
    input: { old_text: 'a quick fox', new_text: 'a slow fox', format: 'words' },
    expect: { result: { diff: 'a [-quick-]{+slow+} fox' } },
  },
  {
    title: 'Compare JSON',
    input: {
      type: 'json',
      old_json: { name: 'Ada', age: 25, email: 'ada@example.com' },
      new_json: { name: 'Ada', age: 26, phone: '123' },
    },
    expect: {
      operation: 'json_diff',
      result: {
        diff: { modified: { age: { old: 25, new: 26 } }, unchanged: ['name'] },
        summary: { added: 1, removed: 1, modified: 1, unchanged: 1 },
      },
    },
  },
  {
    title: 'The difference of JSON as a patch (RFC 6902)',
    input: { type: 'json', old_json: { a: [1, 2] }, new_json: { a: [1, 2, 3] }, format: 'patch' },
    expect: { result: { patch: [{ op: 'add', path: '/a/2', value: 3 }] } },
  },
  {
    title: 'Apply a unified diff',
    input: { operation: 'apply', old_text: 'one\ntwo\n', patch: '@@ -1,2 +1,2 @@\n one\n-two\n+2\n' },
    expect: { text: 'one\n2\n', result: { type: 'text', text: 'one\n2\n' } },
  },
  {
    title: 'Apply a unified diff to a file, and write what comes out',
    files: { 'a.txt': 'one\ntwo\n' },
    input: {
      operation: 'apply',
      old_file: '{{dir}}/a.txt',
      patch: '--- a.txt\n+++ a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n',
      output_file: '{{dir}}/b.txt',
    },
    expect: { success: true, result: { text: 'one\n2\n' } },
  },
  {
    title: 'A patch that does not fit',
    input: { operation: 'apply', old_text: 'three\n', patch: '@@ -1 +1 @@\n-two\n+2\n' },
    error: 'tool.failed',
  },
];
