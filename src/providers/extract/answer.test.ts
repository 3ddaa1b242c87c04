import { describe, expect, it } from 'vitest';
import { extractAnswer } from './answer.js';
import { numbered } from './documents.js';

const GUIDE = `---
title: Guide
---
# Kettle

[![build](https://x/badge.svg)](https://x)

Kettle is a *small* build tool for [C](https://c.example) projects. It reads one file,
\`kettle.toml\`, and keeps its cache in \`~/.cache/kettle\`.

## Installation

Download the archive and run the installer. You need Python 3.9 or newer.

\`\`\`sh
curl -O https://example.org/kettle.tar.gz
./install.sh
\`\`\`

To install it with a package manager:

\`\`\`sh
brew install kettle
\`\`\`

## Caching

The cache is cleaned after 30 days because old objects are rarely used again.
It can be switched off with \`--no-cache\`.

Three things are never cached:

- generated headers
- test results
- anything under \`tmp/\`

| option | default |
| --- | --- |
| \`jobs\` | number of cores |
| \`retries\` | 2 |
`;

const HISTORY = `Kettle was started in 2017 by Ana Ruiz, e.g. as a weekend project.
The name comes from her grandmother's copper kettle.`;

const documents = [numbered('docs/guide.md', GUIDE), numbered('docs/history.md', HISTORY)];
const cited = (question: string) => extractAnswer(question, documents).quotes.map(({ citation }) => citation);

describe('extractAnswer', () => {
  it.each([
    ['What is Kettle?', 'docs/guide.md:8'],
    ['Where is the cache kept?', 'docs/guide.md:8'],
    ['Which version of Python do I need?', 'docs/guide.md:13'],
    ['Why is the cache cleaned?', 'docs/guide.md:28'],
    ['How can caching be switched off?', 'docs/guide.md:29'],
    ['When was Kettle started?', 'docs/history.md:1'],
    ['Who started Kettle?', 'docs/history.md:1'],
    ['Where does the name come from?', 'docs/history.md:2'],
    ['How many retries are the default?', 'docs/guide.md:40'],
  ])('answers %s', (question, citation) => {
    expect(cited(question)).toContain(citation);
  });

  it('quotes as a reader sees it, and does not end a sentence at an abbreviation', () => {
    expect(extractAnswer('What is Kettle?', documents).quotes[0]!.text).toBe(
      'Kettle is a small build tool for C projects.',
    );
    expect(extractAnswer('Who started Kettle?', documents).quotes.map(({ text }) => text)).toContain(
      'Kettle was started in 2017 by Ana Ruiz, e.g. as a weekend project.',
    );
  });

  it('brings the list that a sentence introduces', () => {
    const { quotes } = extractAnswer('Which things are never cached?', documents);
    expect(quotes.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'Three things are never cached:',
        'generated headers',
        'test results',
        'anything under `tmp/`',
      ]),
    );
  });

  it('brings the sentence that another leans on', () => {
    expect(cited('What does --no-cache do?')).toEqual(['docs/guide.md:28', 'docs/guide.md:29']);
  });

  it('quotes code only when it is asked for or introduced', () => {
    const kinds = (question: string) => extractAnswer(question, documents).quotes.map(({ kind }) => kind);
    expect(kinds('Give me an example of how to install Kettle')).toContain('code');
    expect(kinds('Which version of Python is needed?')).not.toContain('code');
  });

  it('quotes in reading order', () => {
    const lines = cited('How does Kettle cache, and who started Kettle?').map((text) => text.split(':'));
    const order = lines.map(([path, line]) => (path === 'docs/guide.md' ? 0 : 1000) + Number(line));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('gives the gist when asked for a summary', () => {
    const { kind, quotes } = extractAnswer('Summarize this document', documents);
    expect(kind).toBe('gist');
    expect(quotes[0]!.text).toMatch(/^Kettle is a small build tool/);
  });

  it('prefers the section that is about the question to a mention in passing', () => {
    const notes = `# Notes

## Limits

Each limit can be raised in the settings. A refused call is counted.

## When something is refused

The call raises an error, and the log names the limit.
`;
    const { quotes } = extractAnswer('What happens when a call is refused?', [numbered('n.md', notes)]);
    expect(quotes.map(({ citation }) => citation)).toContain('n.md:9');
  });

  it('finds words of the same meaning', () => {
    const text = 'Entries are removed with `drop`.\n\nThe colour of an entry is blue.';
    expect(extractAnswer('How can I delete an entry?', [numbered('n.md', text)]).quotes[0]!.text).toBe(
      'Entries are removed with `drop`.',
    );
  });

  it('prefers what explains to rows that only list names', () => {
    const text = '`max_size` limits the size of a value.\n\n| `MAX_SIZE` | `limits.max_size` |\n';
    expect(
      extractAnswer('What is the max_size of a value?', [numbered('n.md', text)]).quotes[0],
    ).toMatchObject({
      citation: 'n.md:1',
    });
  });

  it('shows the code of the section when asked how', () => {
    const text = '# Start\n\n## Greeting\n\nA greeting is printed at once.\n\n```lua\nprint("hi")\n```\n';
    const { quotes } = extractAnswer('How do I write a greeting?', [numbered('n.md', text)]);
    expect(quotes.map(({ kind }) => kind)).toEqual(['sentence', 'code']);
  });

  it('says so when nothing answers', () => {
    expect(extractAnswer('What do penguins eat in winter?', documents)).toEqual({
      kind: 'nothing',
      quotes: [],
    });
    expect(extractAnswer('What is Kettle?', [])).toEqual({ kind: 'nothing', quotes: [] });
  });

  it('says the same thing once', () => {
    const twice = [numbered('a.md', 'The port is 4242.'), numbered('b.md', 'The port is 4242.')];
    expect(extractAnswer('Which port?', twice).quotes).toHaveLength(1);
  });

  it('survives odd text', () => {
    const odd = '```\nnever closed\n\n# \n\n| a |\n|---|\n\n- \n> quote? \u0000 𝒳';
    for (const question of ['', '?', '((', 'quote', 'what is ( a'])
      extractAnswer(question, [numbered('x', odd)]);
  });

  it('reads scripts that put no space between words', () => {
    const city = [numbered('x', '人口は多い。東京は日本の首都です。')];
    expect(extractAnswer('日本の首都は？', city).quotes[0]!.text).toBe('東京は日本の首都です。');
  });

  it('is deterministic', () => {
    expect(extractAnswer('cache', documents)).toEqual(extractAnswer('cache', documents));
  });
});
