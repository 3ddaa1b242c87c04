import { describe, expect, it } from 'vitest';
import type { Item } from '../item.js';
import { plain } from '../rich.js';
import { formatOf, readBibliography, writeBibliography } from './all.js';
import { BibtexReader } from './bibtex-entries.js';
import { fromBibtexNames } from './bibtex-names.js';
import { isDoi, isIsbn, isIssn } from './identifiers.js';
import { readDate } from './item-dates.js';
import { fromLatex, toLatex } from './latex.js';

const { signal } = new AbortController();
const read = (input: unknown) => readBibliography(input, undefined, signal);
const first = async (input: unknown): Promise<Item> => (await read(input)).items[0]!;
const entries = (text: string) => [...new BibtexReader(text).entries()];

describe('LaTeX', () => {
  it.each([
    [String.raw`{\"o}{\'e}\'e\^{\i}\c{c}\v{s}\H{o}\~n\.z\=a\k{a}\r{u}\u{g}`, 'öééîçšőñżāąůğ'],
    [
      String.raw`G{\"{o}}del, \'{E}cole, Erd\H os, \O{}stergaard, \ss{} \AA ngstr\"om`,
      'Gödel, École, Erdős, Østergaard, ß Ångström',
    ],
    [String.raw`Tom \& Jerry 50\% \$3 \#1 a\_b`, 'Tom & Jerry 50% $3 #1 a_b'],
    ["pages 1--3 --- ``quoted'' and `single'", 'pages 1–3 — “quoted” and ‘single’'],
    [String.raw`\textit{in} \emph{em} {\bf bold} \textsuperscript{2} H$_2$O`, 'in em bold 2 H2O'],
    [String.raw`$\alpha$-helix, Chapter~3, \LaTeX{} and \TeX`, 'α-helix, Chapter\u00a03, LaTeX and TeX'],
    ['{{Double}} {braces} \n over  lines', 'Double braces over lines'],
    [String.raw`\unknown{kept} \verb`, 'kept'],
    ['unbalanced } {here', 'unbalanced here'],
  ])('%s', (source, text) => {
    expect(plain(fromLatex(source))).toBe(text);
  });

  it('goes and comes back', () => {
    for (const text of ['A & B_c: 50% of {x} – “y”', 'Gödel ~ ^ \\ # $'])
      expect(fromLatex(toLatex(text))).toBe(text);
  });

  it('takes time linear in the length, whatever it is made of', () => {
    for (const part of ['{', '}', '\\', '$', '\\"{', '\\textit{', '^', '`', '{\\it '])
      expect(typeof fromLatex(part.repeat(20_000), true)).toBe('string');
  });
});

describe('names in BibTeX', () => {
  it.each([
    ['Donald E. Knuth', { given: 'Donald E.', family: 'Knuth' }],
    ['Knuth, Donald E.', { given: 'Donald E.', family: 'Knuth' }],
    ['Ludwig van Beethoven', { given: 'Ludwig', 'non-dropping-particle': 'van', family: 'Beethoven' }],
    ['van der Berg, Jan', { given: 'Jan', 'non-dropping-particle': 'van der', family: 'Berg' }],
    [
      "Charles Louis Xavier Joseph de la Vall{\\'e}e Poussin",
      { given: 'Charles Louis Xavier Joseph', 'non-dropping-particle': 'de la', family: 'Vallée Poussin' },
    ],
    ['King, Jr., Martin Luther', { given: 'Martin Luther', family: 'King', suffix: 'Jr.' }],
    ['{World Health Organization}', { literal: 'World Health Organization' }],
    ['{Barnes and Noble}', { literal: 'Barnes and Noble' }],
    ['Plato', { family: 'Plato' }],
    ['{\\"O}zg{\\"u}r {Van Dyke}', { given: 'Özgür', family: 'Van Dyke' }],
    [
      'family=Gogh, given=Vincent, prefix=van',
      { given: 'Vincent', 'non-dropping-particle': 'van', family: 'Gogh' },
    ],
  ])('%s', (source, name) => {
    expect(fromBibtexNames(source)).toEqual([name]);
  });

  it('are divided outside braces', () => {
    const names = fromBibtexNames('Anderson, A. and {Simon and Schuster} and\n Brand, B. and others');
    expect(names.map(({ family, literal }) => family ?? literal)).toEqual([
      'Anderson',
      'Simon and Schuster',
      'Brand',
      'others',
    ]);
  });
});

describe('BibTeX files', () => {
  it('have macros, joined values, both kinds of brackets, comments and quotes', () => {
    const found = entries(`Junk before
@string{nat = "Nature"} @STRING(pub = {Some } # "Press")
@comment{ignored @article{x, a = 1}}
% @article{commented, title={no}}
@Article{ key:1/a+b , title = "A {"}quoted{"} title", journal = nat # { Physics}, year = 1999, month = feb # "~3", }
@book(other, publisher = pub, title = {Braces {nested {deep}}})
mail@example.org is no entry`);
    expect(found.map(({ type, key }) => [type, key])).toContainEqual(['article', 'key:1/a+b']);
    const article = found.find(({ type, key }) => type === 'article' && key.startsWith('key'))!;
    expect(Object.fromEntries(article.fields)).toMatchObject({
      journal: 'Nature Physics',
      year: '1999',
      month: '2~3',
      title: 'A {"}quoted{"} title',
    });
    expect(found.find(({ key }) => key === 'other')!.fields.get('publisher')).toBe('Some Press');
  });

  it('are read on after a mistake, which is named with its line', async () => {
    const { items, problems } = await read(
      '@book{a,\n title = {Not closed\n\n@book{b, title = {Fine}, year = 2000}\n@book{c title = {No comma}}\n@misc{d, note = undefinedmacro}',
    );
    expect(items.map(({ id }) => id)).toEqual(['b', 'd']);
    expect(problems).toMatchObject([
      { line: 1 },
      { line: 5 },
      { line: 6, message: expect.stringContaining('undefinedmacro') },
    ]);
  });

  it('give up on what is no bibliography, quickly', async () => {
    const hostile = [
      '@a{b,c={'.repeat(200_000),
      '@'.repeat(1_000_000),
      `@book{x, title = ${'{'.repeat(500_000)}`,
      '@book{k,'.repeat(100_000),
    ];
    for (const text of hostile)
      await read(`${text}{`).catch((error) => expect(error.code).toMatch(/input\.invalid|value\.too_large/));
  }, 20_000);

  it('inherit from the entry that crossref names', async () => {
    const { items } =
      await read(`@inproceedings{part, author = {A, B}, title = {Part}, crossref = {whole}, pages = {1-2}}
@proceedings{whole, title = {Proceedings of Things}, editor = {E, F}, year = 2001, publisher = {P}}`);
    expect(items[0]).toMatchObject({
      title: 'Part',
      'container-title': 'Proceedings of things',
      publisher: 'P',
      editor: [{ family: 'E' }],
      issued: { 'date-parts': [[2001]] },
    });
  });

  it('have headlines, which become sentences but for what is in braces', async () => {
    const titled = async (title: string, more = '') =>
      plain((await first(`@book{x, title = {${title}}${more}}`)).title!);
    expect(await titled('The Art of {Unix} Programming')).toBe('The art of Unix programming');
    expect(await titled('Deep Learning for DNA and iPhone Users: A Survey')).toBe(
      'Deep learning for DNA and iPhone users: A survey',
    );
    expect(await titled('A walk through Paris in spring time again')).toBe(
      'A walk through Paris in spring time again',
    );
    expect(await titled('{{An NASA Report Left Alone}}')).toBe('An NASA Report Left Alone');
    expect(await titled('Die Leiden des jungen Werthers', ', langid = {german}')).toBe(
      'Die Leiden des jungen Werthers',
    );
    expect(await titled('Main', ', subtitle = {The Other Half}')).toBe('Main: The other half');
  });

  it.each<[string, Partial<Item>]>([
    [
      '@phdthesis{x, title={T}, school={MIT}, year={1940}}',
      { type: 'thesis', genre: 'PhD thesis', publisher: 'MIT' },
    ],
    [
      '@article{x, title={T}, journal={J}, number={4}, eid={e12}, year={2001}, month={March}}',
      { issue: '4', number: 'e12', issued: { 'date-parts': [[2001, 3]] } },
    ],
    [
      '@techreport{x, title={T}, institution={I}, number={TR-1}}',
      { type: 'report', number: 'TR-1', publisher: 'I' },
    ],
    [
      '@misc{x, title={T}, eprint={1706.03762}, archiveprefix={arXiv}}',
      {
        type: 'article',
        number: 'arXiv:1706.03762',
        publisher: 'arXiv',
        URL: 'https://arxiv.org/abs/1706.03762',
      },
    ],
    [
      '@misc{x, title={T}, howpublished={\\url{https://example.org/a_b}}}',
      { type: 'webpage', URL: 'https://example.org/a_b' },
    ],
    [
      '@online{x, title={T}, url={https://example.org/a\\_b}, urldate={2021-01-05}}',
      { type: 'webpage', URL: 'https://example.org/a_b', accessed: { 'date-parts': [[2021, 1, 5]] } },
    ],
    [
      '@book{x, title={T}, series={S}, number={12}, edition={Second}}',
      { 'collection-title': 'S', 'collection-number': '12', edition: 'Second' },
    ],
    [
      '@article{x, title={T}, journaltitle={J}, date={2012-05/2014}, doi={https://doi.org/10.1000/a_b}}',
      { DOI: '10.1000/a_b', issued: { 'date-parts': [[2012, 5], [2014]] } },
    ],
    ['@article{x, entrysubtype={newspaper}, title={T}, journaltitle={J}}', { type: 'article-newspaper' }],
    ['@book{x, title={T}, year={in press}}', { issued: { literal: 'in press' } }],
  ])('%s', async (source, item) => {
    expect(await first(source)).toMatchObject(item);
  });
});

describe('dates', () => {
  it.each([
    ['2019', [[2019]]],
    ['2019-03', [[2019, 3]]],
    ['2019/03/22', [[2019, 3, 22]]],
    ['2012–14', [[2012], [2014]]],
    [
      '2012-05/2013-01',
      [
        [2012, 5],
        [2013, 1],
      ],
    ],
    ['March 22, 2019', [[2019, 3, 22]]],
    ['22 Mar 2019', [[2019, 3, 22]]],
    ['Spring 2017', [[2017, 21]]],
    ['44 BC', [[-44]]],
    ['2019-03-22T10:00:00Z', [[2019, 3, 22]]],
  ])('%s', (text, parts) => {
    expect(readDate(text)).toEqual({ 'date-parts': parts });
  });

  it('may be uncertain, or no dates', () => {
    expect(readDate('ca. 1850')).toEqual({ 'date-parts': [[1850]], circa: true });
    expect(readDate('1850?')).toMatchObject({ circa: true });
    expect(readDate('in press')).toEqual({ literal: 'in press' });
  });
});

it('checks identifiers', () => {
  expect(['978-0-306-40615-7', '0-306-40615-2', '080442957X'].every(isIsbn)).toBe(true);
  expect(['978-0-306-40615-8', '0-306-40615-3', '12'].some(isIsbn)).toBe(false);
  expect(isIssn('0028-0836') && isIssn('2434-561X') && !isIssn('0028-0837')).toBe(true);
  expect(isDoi('10.1038/171737a0') && !isDoi('11.1038/x') && !isDoi('10.1038')).toBe(true);
});

describe('YAML, CSL-JSON and RIS', () => {
  it('reads Hayagriva files, with what works stand in', async () => {
    const { items, format } = await read(`
harry:
  type: Book
  title: Harry Potter and the Order of the Phoenix
  author: Rowling, J. K.
  volume: 5
  page-total: 768
  date: 2003-06-21
kinetics:
  type: article
  title: Kinetics and luminescence
  author: ["Mueller-Roemer, Johannes", "van Gogh, Vincent"]
  page-range: 865-879
  serial-number: { doi: "10.22032/dbt.51516" }
  url: { value: "https://example.org/k", date: 2021-02-03 }
  parent:
    type: periodical
    title: Ilmenau Studies
    volume: 9
    issue: 2
    publisher: { name: TU Ilmenau, location: Ilmenau }
    date: 2021
`);
    expect(format).toBe('yaml');
    expect(items).toMatchObject([
      {
        id: 'harry',
        type: 'book',
        volume: '5',
        author: [{ family: 'Rowling', given: 'J. K.' }],
        issued: { 'date-parts': [[2003, 6, 21]] },
      },
      {
        id: 'kinetics',
        type: 'article-journal',
        'container-title': 'Ilmenau Studies',
        volume: '9',
        issue: '2',
        page: '865-879',
        DOI: '10.22032/dbt.51516',
        publisher: 'TU Ilmenau',
        author: [{ family: 'Mueller-Roemer' }, { family: 'Gogh', 'non-dropping-particle': 'van' }],
        accessed: { 'date-parts': [[2021, 2, 3]] },
      },
    ]);
  });

  it('reads CSL-YAML, and CSL-JSON with markup, numbers and odd dates', async () => {
    expect(
      await first('references:\n- id: a\n  type: book\n  title: "The <i>Iliad</i>"\n  issued: 1990\n'),
    ).toMatchObject({ id: 'a', type: 'book', issued: { 'date-parts': [[1990]] } });
    expect(
      await first(
        '[{"id":1,"type":"article-journal","volume":12,"issued":{"date-parts":[["2001","5"]]},"author":[{"literal":"WHO"}],"title":"It\'s \\"here\\""}]',
      ),
    ).toMatchObject({
      id: '1',
      volume: '12',
      issued: { 'date-parts': [[2001, 5]] },
      title: 'It’s “here”',
    });
    expect(await first([{ id: 'x', title: 'A list from a script' }])).toMatchObject({
      id: 'x',
      type: 'document',
    });
    expect(await first({ id: 'y', type: 'book', title: 'One item' })).toMatchObject({ id: 'y' });
  });

  it('reads RIS', async () => {
    const { items } = await read(
      'TY  - JOUR\r\nAU  - Smith, Anna\r\nAU  - van Berg, Jo, Jr.\r\nT1  - Title\r\nJO  - J\r\nPY  - 2001/03/05/\r\nSP  - 12\r\nEP  - 15\r\nKW  - a\r\nKW  - b\r\nSN  - 0028-0836\r\nN2  - An abstract\r\n  on two lines\r\nER  - \r\n\r\nTY  - CHAP\nTI  - Second\nER  - ',
    );
    expect(items).toMatchObject([
      {
        type: 'article-journal',
        page: '12-15',
        keyword: 'a, b',
        ISSN: '0028-0836',
        abstract: 'An abstract on two lines',
        issued: { 'date-parts': [[2001, 3, 5]] },
      },
      { type: 'chapter', title: 'Second' },
    ]);
  });

  it.each([
    ['@article{a, title={x}}', 'bibtex'],
    ['% comment\n@book{a}', 'bibtex'],
    ['[{"id":"a"}]', 'csl-json'],
    ['TY  - JOUR\nER  - ', 'ris'],
    ['a:\n  type: book', 'yaml'],
  ])('%j is recognised', (text, format) => expect(formatOf(text)).toBe(format));

  it('refuses what is none of them', async () => {
    for (const text of ['', '   ', '{"a"', 'a: b: c: [', 'just words', '"text"', '@ { no'])
      await expect(read(text)).rejects.toMatchObject({ code: 'input.invalid' });
    const aliases = `a: &a [x]\nb: [${'*a,'.repeat(2000)}*a]`;
    await expect(read(aliases)).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(read(`[${'{"title":"x"},'.repeat(6000)}{"title":"x"}]`)).rejects.toMatchObject({
      code: 'value.too_large',
    });
    await expect(read(`@a{${'x'.repeat(6_000_000)}`)).rejects.toMatchObject({ code: 'value.too_large' });
  });
});

describe('property: what is written in a format is read again as it was', () => {
  const date = (...parts: number[]) => ({ 'date-parts': [parts] });
  const items: Item[] = [
    {
      id: 'art',
      type: 'article-journal',
      title: 'On {braces} & 50% of DNA',
      author: [{ family: 'Gödel', given: 'Kurt' }, { literal: 'World Health Organization' }],
      'container-title': 'Nature',
      volume: '1',
      issue: '2',
      page: '3-9',
      DOI: '10.1000/a_b',
      issued: date(2001, 3, 4),
    },
    {
      id: 'book',
      type: 'book',
      title: 'The letters',
      author: [{ family: 'Gogh', given: 'Vincent', 'non-dropping-particle': 'van' }],
      editor: [{ family: 'King', given: 'M. L.', suffix: 'Jr.' }],
      publisher: 'P & Q',
      'publisher-place': 'New York',
      edition: '2',
      ISBN: '9780306406157',
      issued: date(1888),
    },
    {
      id: 'thesis',
      type: 'thesis',
      title: 'A thesis',
      author: [{ family: 'A', given: 'B.' }],
      publisher: 'MIT',
      issued: date(1940),
    },
    {
      id: 'web',
      type: 'webpage',
      title: 'Page',
      URL: 'https://example.org/a?b=c&d_e',
      accessed: date(2021, 1, 5),
    },
  ];

  it.each(['csl-json', 'yaml'] as const)('%s', async (format) => {
    expect((await read(await writeBibliography(items, format))).items).toEqual(items);
  });

  it.each(['bibtex', 'ris'] as const)('%s', async (format) => {
    const again = (await read(await writeBibliography(items, format))).items;
    for (const [index, item] of items.entries()) {
      const { genre: _genre, page, type, ...rest } = again[index]!;
      expect({
        ...rest,
        title: plain(rest.title!),
        type: item.type === 'webpage' ? 'webpage' : type,
      }).toMatchObject((({ page: _page, ...other }) => other)(item));
      if (item.page) expect(page?.replace('–', '-')).toBe(item.page);
    }
  });
});
