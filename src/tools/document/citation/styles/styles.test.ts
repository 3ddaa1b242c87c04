import { describe, expect, it } from 'vitest';
import { placed } from '../bibliography.js';
import type { Item } from '../item.js';
import { render } from '../rich.js';
import { STYLES, styleNamed } from './all.js';
import { PUBLISHED } from './published.case.js';

const date = (...parts: number[]) => ({ 'date-parts': [parts] });
const article = (id: string, authors: string[], year: number, title: string): Item => ({
  id,
  type: 'article-journal',
  author: authors.map((name) => ({ family: name.split(', ')[0]!, given: name.split(', ')[1]! })),
  issued: date(year),
  title,
  'container-title': 'Physics',
  volume: '1',
  page: '321-328',
});

function written(style: string, items: Item[], locators: Record<string, string> = {}) {
  const chosen = styleNamed(style);
  const cited = placed(items, chosen).map((one) => {
    const locator = locators[one.item.id];
    return locator ? { ...one, locator } : one;
  });
  return {
    entries: cited.map((one) => render(chosen.label(one.number) + chosen.entry(one), 'text')),
    inText: Object.fromEntries(
      cited.map((one) => [one.item.id, render(chosen.cluster([chosen.inText(one)], [one]), 'text')]),
    ),
    cluster: render(chosen.cluster(cited.map(chosen.inText), cited), 'text'),
    narrative: cited.map((one) => render(chosen.narrative?.(one) ?? '', 'text')),
    short: cited.map((one) => render(chosen.shortNote?.(one) ?? '', 'text')),
  };
}

describe('works that the manuals print as examples', () => {
  it.each(PUBLISHED.map(([style, item, entry, inText]) => [style, item.id, item, entry, inText] as const))(
    '%s: %s',
    (name, _id, item, entry, inText) => {
      const style = styleNamed(name);
      const [cited] = placed([item], style);
      expect(render(`${style.label(1)}${style.entry(cited!)}`, 'markdown')).toBe(entry);
      if (inText) expect(render(style.cluster([style.inText(cited!)], [cited!]), 'markdown')).toBe(inText);
    },
  );
});

describe('telling works apart', () => {
  const one = article('one', ['Smith, John'], 2000, 'Beta particles');
  const two = article('two', ['Smith, John'], 2000, 'Alpha particles');
  const three = article('three', ['Smith, John'], 1999, 'Gamma');

  it('gives letters to works of one year, in the order of their titles', () => {
    expect(written('apa', [one, two, three]).inText).toEqual({
      one: '(Smith, 2000b)',
      two: '(Smith, 2000a)',
      three: '(Smith, 1999)',
    });
    expect(written('chicago', [one, two]).entries).toEqual([
      'Smith, John. 2000a. “Alpha Particles.” Physics 1:321–28.',
      '———. 2000b. “Beta Particles.” Physics 1:321–28.',
    ]);
    expect(written('harvard', [one, two]).inText.two).toBe('(Smith, 2000a)');
  });

  it('names titles where years are not given', () => {
    const { inText, entries } = written('mla', [one, two], { one: '12' });
    expect(inText).toEqual({ one: '(Smith, “Beta Particles” 12)', two: '(Smith, “Alpha Particles”)' });
    expect(entries[1]).toMatch(/^---\. “Beta/);
  });

  it('shows more names where other people would read the same', () => {
    const a = article('a', ['Lee, A.', 'Kim, B.', 'Park, C.', 'Cho, D.'], 2010, 'One');
    const b = article('b', ['Lee, A.', 'Han, B.', 'Park, C.', 'Cho, D.'], 2010, 'Two');
    expect(written('apa', [a, b]).inText).toEqual({
      a: '(Lee, Kim, et al., 2010)',
      b: '(Lee, Han, et al., 2010)',
    });
    expect(written('apa', [a, three]).inText.a).toBe('(Lee et al., 2010)');
  });

  it('goes on after z', () => {
    const many = Array.from({ length: 28 }, (_, n) => article(`n${n}`, ['Smith, John'], 2000, `T${100 + n}`));
    expect(written('apa', many).inText).toMatchObject({ n25: '(Smith, 2000z)', n26: '(Smith, 2000aa)' });
  });
});

describe('order and numbers', () => {
  const works = ['Zeta, A.', 'Alpha, B.', 'Mu, C.', 'Nu, D.'].map((name, n) =>
    article(`w${n}`, [name], 2000 + n, `T${n}`),
  );

  it('numbers works as they are cited, and writes several at once', () => {
    expect(written('ieee', works).cluster).toBe('[1]–[4]');
    expect(written('ieee', works.slice(0, 2)).cluster).toBe('[1], [2]');
    expect(written('vancouver', works).cluster).toBe('(1–4)');
    expect(written('nature', works).cluster).toBe('1–4');
    expect(written('ieee', works, { w1: '12' }).inText.w1).toBe('[2, p. 12]');
  });

  it('orders by creators otherwise', () => {
    expect(written('apa', works).cluster).toBe('(Alpha, 2001; Mu, 2002; Nu, 2003; Zeta, 2000)');
    expect(written('apa', works).narrative[0]).toBe('Alpha (2001)');
  });

  it('orders one name before the same name with others, and titles without their article', () => {
    const untitled: Item = {
      id: 'untitled',
      type: 'book',
      title: 'The beta book',
      publisher: 'P',
      issued: date(2000),
    };
    const list = [
      article('b', ['Alpha, B.', 'Gamma, C.'], 1990, 'X'),
      article('a', ['Alpha, B.'], 2001, 'Y'),
      untitled,
    ];
    expect(placed(list, styleNamed('apa')).map(({ item }) => item.id)).toEqual(['a', 'b', 'untitled']);
  });
});

describe('names', () => {
  const book = (author: Item['author']): Item => ({
    id: 'b',
    type: 'book',
    title: 'The work',
    publisher: 'P',
    issued: date(1990),
    ...(author && { author }),
  });
  const entry = (style: string, ...author: NonNullable<Item['author']>) =>
    written(style, [book(author)]).entries[0]!;

  it.each([
    ['apa', { family: 'Gogh', given: 'Vincent', 'non-dropping-particle': 'van' }, 'van Gogh, V. (1990)'],
    [
      'chicago',
      { family: 'Gogh', given: 'Vincent', 'non-dropping-particle': 'van' },
      'Gogh, Vincent van. 1990',
    ],
    ['mla', { family: 'Beethoven', given: 'Ludwig', 'dropping-particle': 'van' }, 'Beethoven, Ludwig van. '],
    ['apa', { family: 'King', given: 'Martin Luther', suffix: 'Jr.' }, 'King, M. L., Jr. (1990)'],
    ['vancouver', { family: 'King', given: 'Martin Luther', suffix: 'Jr.' }, '1. King ML Jr. The'],
    ['ieee', { family: 'King', given: 'Martin Luther', suffix: 'Jr.' }, '[1] M. L. King Jr., The work'],
    ['apa', { family: 'Sartre', given: 'Jean-Paul' }, 'Sartre, J.-P. (1990)'],
    ['vancouver', { family: 'Sartre', given: 'Jean-Paul' }, '1. Sartre JP. '],
    ['apa', { family: 'Alembert', given: 'Jean', 'non-dropping-particle': 'd’' }, 'd’Alembert, J. (1990)'],
    ['apa', { family: 'Kaiser', given: 'Łukasz' }, 'Kaiser, Ł. (1990)'],
    ['apa', { family: 'Smith', given: 'JD' }, 'Smith, J. D. (1990)'],
    ['apa', { literal: 'World Health Organization' }, 'World Health Organization. (1990)'],
    ['harvard', { family: 'Grady', given: 'Jessica S.' }, 'Grady, J.S. (1990)'],
    ['apa', { family: 'Plato' }, 'Plato. (1990)'],
  ])('%s writes %j', (style, name, start) => {
    expect(entry(style, name)).toMatch(new RegExp(`^${start.replace(/[.()[\]]/g, '\\$&')}`));
  });

  const crowd = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ family: `N${n + 1}`, given: 'A.' }));
  it.each<[string, number, string]>([
    ['apa', 20, 'N19, A., & N20, A. ('],
    ['apa', 21, 'N19, A., … N21, A. ('],
    ['mla', 2, 'N1, A., and A. N2. '],
    ['mla', 3, 'N1, A., et al. '],
    ['chicago', 10, 'and A. N10. 1990'],
    ['chicago', 11, 'A. N7, et al. 1990'],
    ['ieee', 6, 'A. N5, and A. N6, '],
    ['ieee', 7, '[1] A. N1 et al., '],
    ['harvard', 3, 'N1, A., N2, A. and N3, A. (1990)'],
    ['harvard', 4, 'N1, A. et al. (1990)'],
    ['vancouver', 6, 'N5 A, N6 A. The'],
    ['vancouver', 7, 'N6 A, et al. The'],
    ['nature', 5, 'N4, A. & N5, A. The'],
    ['nature', 6, '1. N1, A. et al. The'],
  ])('%s lists %i names', (style, count, part) => {
    expect(entry(style, ...crowd(count))).toContain(part);
  });

  it('says et al. for a list that names not everybody', () => {
    expect(entry('apa', { family: 'Kim', given: 'A.' }, { literal: 'others' })).toMatch(
      /^Kim, A\. et al\. \(1990\)/,
    );
    expect(written('apa', [book([{ family: 'Kim', given: 'A.' }, { literal: 'others' }])]).inText.b).toBe(
      '(Kim et al., 1990)',
    );
  });
});

describe('works that lack something', () => {
  const bare = (parts: Partial<Item>): Item =>
    ({ id: 'x', type: 'book', title: 'Undated wisdom', publisher: 'Press', ...parts }) as Item;

  it('says that there is no date', () => {
    const item = bare({ author: [{ family: 'Old', given: 'Very' }] });
    expect(written('apa', [item]).entries[0]).toBe('Old, V. (n.d.). Undated wisdom. Press.');
    expect(written('chicago', [item]).entries[0]).toBe('Old, Very. n.d. Undated Wisdom. Press.');
    expect(written('harvard', [item]).entries[0]).toBe('Old, V. (no date) Undated wisdom. Press.');
    expect(written('apa', [item, { ...item, id: 'y', title: 'Other wisdom' }]).inText).toEqual({
      x: '(Old, n.d.-b)',
      y: '(Old, n.d.-a)',
    });
  });

  it('puts the title first where there is no author', () => {
    const page: Item = {
      id: 'x',
      type: 'webpage',
      title: 'Guide to everything',
      'container-title': 'Example Site',
      URL: 'https://example.org/guide',
      accessed: date(2021, 2, 10),
    };
    expect(written('apa', [page])).toMatchObject({
      entries: [
        'Guide to everything. (n.d.). Example Site. Retrieved February 10, 2021, from https://example.org/guide',
      ],
      inText: { x: '(Guide to Everything, n.d.)' },
    });
    expect(written('mla', [page]).entries[0]).toBe(
      '“Guide to Everything.” Example Site, https://example.org/guide. Accessed 10 Feb. 2021.',
    );
    expect(written('harvard', [page]).entries[0]).toBe(
      'Guide to everything (no date) Example Site. Available at: https://example.org/guide (Accessed: 10 February 2021).',
    );
  });

  it('takes in press for a date, and writes spans and years before Christ', () => {
    const item = (issued: Item['issued']) =>
      bare({ author: [{ family: 'Old', given: 'V.' }], ...(issued && { issued }) });
    const cite = (issued: Item['issued']) => written('apa', [item(issued)]).inText.x;
    expect(cite({ literal: 'in press' })).toBe('(Old, in press)');
    expect(cite({ 'date-parts': [[2012], [2014]] })).toBe('(Old, 2012–2014)');
    expect(cite({ 'date-parts': [[-44]] })).toBe('(Old, 44 BCE)');
    expect(cite({ 'date-parts': [[1850]], circa: true })).toBe('(Old, ca. 1850)');
  });

  it.each(STYLES.map(({ id }) => id))('%s writes something for an item with a title only', (style) => {
    const { entries, inText } = written(style, [{ id: 'x', type: 'document', title: 'Alone' }]);
    expect(entries[0]).toContain('Alone');
    expect(inText.x).toBeTruthy();
    expect(entries[0]).not.toMatch(/undefined|\(\)|,,|\.\.|^\W*$/);
  });
});

describe('notes', () => {
  const kafka: Item = {
    id: 'kafka',
    type: 'book',
    title: 'The trial',
    author: [{ family: 'Kafka', given: 'Franz' }],
    translator: [{ family: 'Mitchell', given: 'Breon' }],
    publisher: 'Schocken Books',
    'publisher-place': 'New York',
    issued: date(1998),
    'original-date': date(1925),
  };

  it('knows first editions and short forms', () => {
    expect(written('chicago-notes', [kafka])).toMatchObject({
      entries: [
        'Kafka, Franz. The Trial. Translated by Breon Mitchell. 1925. Reprint, New York: Schocken Books, 1998.',
      ],
      inText: {
        kafka: 'Franz Kafka, The Trial, trans. Breon Mitchell (1925; repr., New York: Schocken Books, 1998).',
      },
    });
    expect(written('chicago-notes', [kafka], { kafka: '23' }).short).toEqual(['Kafka, Trial, 23.']);
    expect(written('chicago', [kafka]).inText.kafka).toBe('(Kafka [1925] 1998)');
  });

  it('gives the page that is meant instead of all pages of an article', () => {
    const item = article('a', ['Smith, John'], 2000, 'Alpha particles');
    expect(written('chicago-notes', [item], { a: '325' }).inText.a).toBe(
      'John Smith, “Alpha Particles,” Physics 1 (2000): 325.',
    );
    expect(written('chicago-notes', [item], { a: '325' }).short).toEqual(['Smith, “Alpha Particles,” 325.']);
  });
});

it('knows styles by their other names and says what is near', () => {
  expect(styleNamed('Chicago Notes').id).toBe('chicago-fullnote-bibliography');
  expect(styleNamed('modern_language_association').id).toBe('mla');
  expect(() => styleNamed('vancuver')).toThrow("did you mean 'vancouver'");
});
