import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import citationFormatter from './citation-formatter.js';

const BIB = `@article{knuth1984, author = {Knuth, Donald E.}, title = {Literate Programming},
  journal = {The Computer Journal}, volume = 27, number = 2, pages = {97--111}, year = 1984, doi = {10.1093/comjnl/27.2.97}}
@book{knuth1968, author = {Knuth, Donald E.}, title = {The Art of Computer Programming},
  publisher = {Addison-Wesley}, address = {Reading, MA}, year = 1968}`;

type Found = {
  citations: { key: string; citation: string; narrative?: string; number?: number }[];
  reference_list: string[];
  validation_results: { key: string; valid: boolean; issues: { message: string; severity: string }[] }[];
  [key: string]: unknown;
};
const call = (input: object, options: Parameters<typeof callTool>[2] = {}) =>
  callTool(citationFormatter, input, options);
const resultOf = async (...args: Parameters<typeof call>) => (await call(...args)).result as unknown as Found;

describe('citation-formatter', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'llmspell-cite-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  itRunsItsSamples(citationFormatter);

  it('cites what is asked for, in its order, and gives all at once', async () => {
    const result = await resultOf({ input: BIB, style: 'ieee', cite_keys: ['knuth1968', 'knuth1984'] });
    expect(result).toMatchObject({
      combined_citation: '[1], [2]',
      citations: [
        { key: 'knuth1968', number: 1 },
        { key: 'knuth1984', number: 2 },
      ],
      entry_count: 2,
      truncated: false,
      warnings: [],
    });
    expect((await call({ input: BIB })).text).toBe(
      'Knuth, D. E. (1968). The art of computer programming. Addison-Wesley.\nKnuth, D. E. (1984). Literate programming. The Computer Journal, 27(2), 97–111. https://doi.org/10.1093/comjnl/27.2.97',
    );
  });

  it('takes places by key, and names with @', async () => {
    const { citations } = await resultOf({
      input: BIB,
      cite_keys: '@knuth1984',
      locators: { knuth1984: 99 },
    });
    expect(citations).toMatchObject([{ citation: '(Knuth, 1984, p. 99)', narrative: 'Knuth (1984, p. 99)' }]);
  });

  it('writes HTML and Markdown in which nothing of the bibliography is markup', async () => {
    const input = [
      {
        id: 'x',
        type: 'book',
        title: 'A <script>alert(1)</script> & *stars* [x](javascript:y)',
        author: [{ family: '<b>', given: 'A' }],
        issued: '2001',
      },
    ];
    const [html] = (await resultOf({ input, output: 'html' })).reference_list;
    expect(html).toBe(
      '&lt;b&gt;, A. (2001). <i>A &lt;script&gt;alert(1)&lt;/script&gt; &amp; *stars* [x](javascript:y)</i>.',
    );
    const [markdown] = (await resultOf({ input, output: 'markdown' })).reference_list;
    expect(markdown).toContain('\\*stars\\* [x]\\(javascript:y)');
    expect(markdown).toContain('\\<script>');
  });

  it('has the style and the limit of the configuration', async () => {
    const academic = { default_citation_style: 'mla', max_references: 1 };
    const result = await resultOf({ input: BIB }, { host: { config: { academic } } });
    expect(result).toMatchObject({ style: 'mla', entry_count: 1, truncated: true });
  });

  it('reads files that are granted, and no others', async () => {
    const path = join(dir, 'refs.bib');
    await writeFile(path, `\ufeff${BIB}`);
    const permissions = createPermissions({ ...noGrants(), read: [dir] }, { cwd: dir });
    expect(await resultOf({ file: 'refs.bib' }, { permissions })).toMatchObject({
      format: 'bibtex',
      entry_count: 2,
    });
    await expect(call({ file_path: '/etc/hostname' }, { permissions })).rejects.toMatchObject({
      code: 'permission.read',
    });
    await expect(call({ file_path: path, input: BIB })).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('says what is missing, wrong, or there twice', async () => {
    const result = await resultOf({
      operation: 'validate',
      input: `${BIB}
@article{nothing, title = {T}}
@book{isbn, author = {A, B}, title = {X}, publisher = {P}, year = 1999, isbn = {978-0-306-40615-8}, pages = {20--10}, note = {}}
@misc{again, author = {Knuth, Donald E.}, title = {Literate programming}, year = 1984, doi = {10.1093/COMJNL/27.2.97}}
@book{knuth1968, author = {A, B}, title = {Y}, publisher = {P}, year = {sometime}}
@inbook{child, title = {C}, crossref = {nobody}}`,
    });
    const of = (key: string) =>
      result.validation_results
        .filter((entry) => entry.key === key)
        .flatMap(({ issues }) => issues.map(({ message }) => message));
    expect(result).toMatchObject({ total_entries: 7, is_valid: false, format: 'bibtex' });
    expect(of('nothing')).toContain("Missing field 'author' (needed for article-journal)");
    expect(of('isbn').join()).toMatch(/ISBN.*check digit.*page.*ends before.*'note' is empty/);
    expect(of('again').join()).toMatch(/same work/);
    expect(of('knuth1968').join()).toMatch(/used more than once.*'sometime' is no date/);
    expect(of('child').join()).toMatch(/'nobody' that crossref names/);
    expect(await resultOf({ operation: 'validate', input: BIB })).toMatchObject({
      is_valid: true,
      warnings: 0,
    });
  });

  it('converts what is asked for', async () => {
    const result = await resultOf({ operation: 'convert', input: BIB, to: 'json', cite_keys: 'knuth1984' });
    expect(JSON.parse(result.output as string)).toMatchObject([
      { id: 'knuth1984', title: 'Literate programming', issued: { 'date-parts': [[1984]] } },
    ]);
    await expect(call({ operation: 'convert', input: BIB })).rejects.toThrow("needs 'to'");
  });

  it('warns of what it could not read', async () => {
    expect(await resultOf({ input: `${BIB}\n@book{broken` })).toMatchObject({
      entry_count: 2,
      warnings: [{ line: 5, message: expect.stringContaining('not closed') }],
    });
  });

  it.each<[string, object, string]>([
    ['no input', {}, "Missing required parameter 'input'"],
    ['an empty one', { input: ' ' }, 'cannot be empty'],
    ['an unknown key', { input: BIB, cite_keys: 'knuth1985' }, "did you mean 'knuth1984'"],
    ['an unknown style', { input: BIB, style: 'apaa' }, "did you mean 'apa'"],
    ['an unknown format', { input: BIB, format: 'docx' }, 'format'],
    ['a format that it is not', { input: BIB, format: 'json' }, 'Invalid CSL-JSON'],
    ['no entries', { input: '@comment{x}', format: 'bibtex' }, 'No entries were found'],
  ])('refuses %s', async (_title, input, message) => {
    await expect(call(input)).rejects.toThrow(message);
    await expect(call(input)).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('stops when the call is cancelled, and leaves time for other work until then', async () => {
    const input = Array.from({ length: 4000 }, (_, n) => BIB.replaceAll('knuth', `k${n}x`))
      .join('\n')
      .slice(0, 1_200_000);
    const controller = new AbortController();
    let turns = 0;
    const clock = setInterval(() => {
      if (++turns === 5) controller.abort();
    }, 1);
    const running = call({ input, style: 'apa' }, { signal: controller.signal });
    await expect(running).rejects.toMatchObject({ code: 'component.cancelled' });
    clearInterval(clock);
    expect(turns).toBeGreaterThanOrEqual(5);
  });
});
