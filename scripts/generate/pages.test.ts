import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/core/error-codes.js';
import { apiOf } from './api.js';
import { errorsPage } from './errors-page.js';
import { anchor, fence, markdownTable } from './markdown.js';
import { referencePages } from './reference.js';
import { readSources, type Sources } from './sources.js';
import { toolPages } from './tool-pages.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

let sources: Sources;
let pages: Record<string, string>;

beforeAll(async () => {
  sources = await readSources(root);
  pages = {
    ...referencePages(apiOf(sources.globals.map(({ definition }) => definition))),
    ...toolPages(sources.tools.map(({ definition }) => definition)),
    'docs/errors.md': errorsPage(),
  };
});

/** A page without its blocks of code, whose lines may look like anything. */
const prose = (text: string) => text.replaceAll(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '');

function anchors(text: string): string[] {
  return [...prose(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading!));
}

test('a page is text', () => {
  // A NUL would make it a binary file for git and grep.
  const binary = Object.entries(pages).filter(([, text]) => text.includes('\0'));
  expect(binary.map(([name]) => name)).toEqual([]);
});

test('every link leads somewhere', () => {
  const broken: string[] = [];
  for (const [name, text] of Object.entries(pages)) {
    for (const [, target] of prose(text).matchAll(/\]\(([^)]+)\)/g)) {
      const [path, hash] = target!.split('#') as [string, string?];
      const file = path === '' ? name : normalize(join(dirname(name), path));
      const known = pages[file] !== undefined || existsSync(join(root, file));
      if (!known || (hash !== undefined && !anchors(pages[file] ?? '').includes(hash)))
        broken.push(`${name}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

test('no two headings of a page have the same anchor', () => {
  for (const [name, text] of Object.entries(pages)) {
    const all = anchors(text);
    expect(
      all.filter((each, at) => all.indexOf(each) !== at),
      name,
    ).toEqual([]);
  }
});

test('tables are whole: as many cells in each row as in the head', () => {
  const cells = (line: string) => line.replaceAll('\\|', '').split('|').length;
  for (const [name, text] of Object.entries(pages)) {
    const lines = prose(text).split('\n');
    lines.forEach((line, at) => {
      if (line.startsWith('|') && lines[at - 1]?.startsWith('|'))
        expect(cells(line), `${name}: ${line}`).toBe(cells(lines[at - 1]!));
    });
  }
});

test('every global, tool and error code has its place', () => {
  for (const { definition } of sources.globals) {
    if (!definition.hidden)
      expect(pages[`docs/reference/${definition.name.toLowerCase()}.md`]).toContain(`# ${definition.name}\n`);
  }
  for (const { definition: tool } of sources.tools) {
    expect(pages[`docs/tools/${tool.category}.md`]).toContain(`\n## ${tool.name}\n`);
    for (const { title } of tool.samples)
      expect(pages[`docs/tools/${tool.category}.md`]).toContain(`**${title}**`);
  }
  for (const code of Object.keys(ERROR_CODES)) expect(pages['docs/errors.md']).toContain(`| \`${code}\` |`);
});

test('every parameter of a tool is described', () => {
  const empty = Object.entries(pages).flatMap(([name, text]) =>
    name.startsWith('docs/tools')
      ? [...text.matchAll(/^\| `\w+` \|.*\|\s*\|$/gm)].map(([row]) => `${name}: ${row}`)
      : [],
  );
  expect(empty).toEqual([]);
});

test('raising is told apart from what a call does', () => {
  const page = pages['docs/reference/json.md']!;
  expect(page).toContain('**Raises:** `JSON parse error: …` with the position.');
  expect(page).toContain('**Other spellings:** `decode`');
});

test('bars and line breaks stay inside their cell', () => {
  expect(markdownTable(['a'], [['x | y\n  z']])).toBe('| a |\n| --- |\n| x \\| y z |');
  expect(markdownTable(['a'], [])).toBe('');
});

test('a fence is longer than the fences it holds', () => {
  expect(fence('text', '```\nx\n```')).toBe('````text\n```\nx\n```\n````');
});
