import type { ToolSample } from '../define.js';

/** A TAR archive of text files, as text: it has no bytes that text could not hold. */
function tarText(files: Readonly<Record<string, string>>): string {
  const entries = Object.entries(files).map(([name, text]) => tarHeader(name, text.length) + block(text));
  return entries.join('') + '\0'.repeat(1024);
}

function tarHeader(name: string, size: number): string {
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  const fields = (checksum: string) =>
    name.padEnd(100, '\0') +
    octal(0o644, 8) +
    octal(0, 8) +
    octal(0, 8) +
    octal(size, 12) +
    octal(0, 12) +
    checksum +
    '0'.padEnd(101, '\0') +
    'ustar\x0000'.padEnd(255, '\0');
  const sum = [...fields(' '.repeat(8))].reduce((total, character) => total + character.charCodeAt(0), 0);
  return fields(`${sum.toString(8).padStart(6, '0')}\0 `);
}

function block(text: string): string {
  return text.padEnd(Math.ceil(text.length / 512) * 512, '\0');
}

/** Calls of `archive-handler` with what they give. */
export const archiveHandlerSamples: readonly ToolSample[] = [
  {
    title: 'Pack two files',
    files: { 'a.txt': 'one', 'b.txt': 'two' },
    input: { operation: 'create', path: '{{dir}}/both.zip', input: ['{{dir}}/a.txt', '{{dir}}/b.txt'] },
    expect: {
      success: true,
      text: 'Created archive with 2 files',
      result: { archived_files: ['a.txt', 'b.txt'], total_size: 6, compression_level: 6 },
    },
  },
  {
    title: 'Pack with names below a folder',
    files: { 'a.txt': 'one' },
    input: {
      operation: 'create',
      path: '{{dir}}/a.tar.gz',
      input: ['{{dir}}/a.txt'],
      base_path: '{{dir}}/..',
      compression_level: 9,
    },
    expect: { result: { format: 'TAR.GZ', compression_level: 9 } },
  },
  {
    title: 'List an archive',
    files: { 'notes.tar': tarText({ 'notes/a.txt': 'one', 'notes/b.txt': 'two!' }) },
    input: { operation: 'list', path: '{{dir}}/notes.tar' },
    expect: {
      text: 'Listed 2 files in TAR archive\nnotes/a.txt\nnotes/b.txt',
      result: {
        format: 'TAR',
        file_count: 2,
        files: [
          { name: 'notes/a.txt', size: 3, is_dir: false },
          { name: 'notes/b.txt', size: 4, is_dir: false },
        ],
      },
    },
  },
  {
    title: 'Unpack an archive',
    files: { 'notes.tar': tarText({ 'notes/a.txt': 'one', 'b.txt': 'two!' }) },
    input: { operation: 'extract', path: '{{dir}}/notes.tar', target_path: '{{dir}}/out' },
    expect: {
      text: 'Extracted 2 files',
      result: { file_count: 2, total_size: 7 },
    },
  },
  {
    title: 'Check an archive without unpacking it',
    files: { 'notes.tar': tarText({ 'a.txt': 'one' }) },
    input: { operation: 'test', path: '{{dir}}/notes.tar' },
    expect: { result: { valid: true, safe: true, file_count: 1, problems: [] } },
  },
  {
    title: 'An archive that would write outside the target folder is refused',
    files: { 'evil.tar': tarText({ 'fine.txt': 'fine', '../evil.txt': 'evil' }) },
    input: { operation: 'extract', path: '{{dir}}/evil.tar', target_path: '{{dir}}/out' },
    error: 'tool.failed',
  },
  {
    title: 'A format that does not exist',
    files: { 'a.txt': 'one' },
    input: { operation: 'create', path: '{{dir}}/a.lzx', input: ['{{dir}}/a.txt'] },
    error: 'input.invalid',
  },
];
