import type { ToolSample } from '../define.js';

/** Calls of `file-operations` with what they give. */
export const fileOperationsSamples: readonly ToolSample[] = [
  {
    title: 'Write a file; missing folders are created',
    input: { operation: 'write', path: '{{dir}}/notes/today.md', input: 'hello' },
    expect: { success: true, operation: 'write', result: { size: 5 } },
  },
  {
    title: 'Read a file',
    files: { 'notes.md': '# Notes\n' },
    input: { operation: 'read', path: '{{dir}}/notes.md' },
    expect: { text: '# Notes\n', result: { content: '# Notes\n', input: '# Notes\n', size: 8 } },
  },
  {
    title: 'Append a line to a log',
    files: { 'run.log': 'one\n' },
    input: { operation: 'append', path: '{{dir}}/run.log', input: 'two\n' },
    expect: { result: { appended_size: 4, size: 8 } },
  },
  {
    title: 'List a folder',
    files: { 'a.txt': 'a', 'b.txt': 'bb' },
    input: { operation: 'list_dir', path: '{{dir}}' },
    expect: {
      result: {
        count: 2,
        entries: [
          { name: 'a.txt', type: 'file', size: 1 },
          { name: 'b.txt', type: 'file', size: 2 },
        ],
      },
    },
  },
  {
    title: 'Copy a file',
    files: { 'a.txt': 'same' },
    input: { operation: 'copy', source_path: '{{dir}}/a.txt', target_path: '{{dir}}/b.txt' },
    expect: { result: { size: 4 } },
  },
  {
    title: 'Ask whether a file exists',
    input: { operation: 'exists', path: '{{dir}}/missing.txt' },
    expect: { result: { exists: false } },
  },
  {
    title: 'Reading what is not there raises',
    input: { operation: 'read', path: '{{dir}}/missing.txt' },
    error: 'tool.failed',
  },
];
