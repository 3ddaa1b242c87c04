// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how .env files write places
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDotenv } from './dotenv.js';
import { exportText } from './export-text.js';

const parse = (text: string, lookUp?: (name: string) => string | undefined) =>
  Object.fromEntries(parseDotenv(text, { lookUp }).map(({ name, value }) => [name, value]));

describe('parseDotenv', () => {
  it.each<[string, Record<string, string>]>([
    ['', {}],
    ['\n  \n# only a comment', {}],
    ['A=1', { A: '1' }],
    ['\uFEFFA=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['export A=1\n\texport  B = 2 ', { A: '1', B: '2' }],
    ['A=', { A: '' }],
    ['A=\nB=2', { A: '', B: '2' }],
    ['A= # nothing', { A: '' }],
    ['A=x y  # comment', { A: 'x y' }],
    ['A=x#y', { A: 'x#y' }],
    ['A=a=b', { A: 'a=b' }],
    [`A='x # "y" \\n \${B}'`, { A: 'x # "y" \\n ${B}' }],
    ['A="x # \'y\' \\n\\t\\"\\\\ \\$"', { A: "x # 'y' \n\t\"\\ $" }],
    ['A="\\q"', { A: '\\q' }],
    ['A=`it\'s "so"`', { A: 'it\'s "so"' }],
    ['A="one\ntwo"\nB=\'three\nfour\'', { A: 'one\ntwo', B: 'three\nfour' }],
    ['A="x" # comment\nB=2', { A: 'x', B: '2' }],
    ['A.B-C=1', { 'A.B-C': '1' }],
    ['A=1\nA=2', { A: '2' }],
    ['__proto__=1', JSON.parse('{"__proto__":"1"}')],
    ['A=ünï', { A: 'ünï' }],
    ['A=${B}', { A: '${B}' }],
  ])('reads %j', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it('fills in places from the lines above and from outside', () => {
    const text = 'A=1\nB=${A}2\nC="${B}3 \\${A}"\nD=\'${A}\'\nE=${OUT}\nF=${NO}\nG=${NO:-x y}\nH=$A';
    expect(parse(text, (name) => (name === 'OUT' ? 'out' : undefined))).toEqual({
      A: '1',
      B: '12',
      C: '123 ${A}',
      D: '${A}',
      E: 'out',
      F: '',
      G: 'x y',
      H: '$A',
    });
  });

  it.each([
    ['A=1\nnonsense', 2],
    ['1A=2', 1],
    ['=x', 1],
    ['\n\nA="never closed\n', 3],
    ["A='x' y", 1],
    ['A="x\ny" z\n', 2],
  ])('says in which line %j is wrong', (text, line) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'input.invalid', details: { line } }));
  });

  it.each([
    ['quotes', `A="${'\\"'.repeat(400_000)}`],
    ['places', `A=${'${A:-'.repeat(150_000)}`],
    ['blanks', `A=${' \t'.repeat(300_000)}x`],
    ['lines', 'A=1\n'.repeat(100_000)],
  ])('reads a million characters of %s in one go', (_title, text) => {
    try {
      parse(text, () => '');
    } catch (error) {
      expect(error).toMatchObject({ code: 'input.invalid' });
    }
  });
});

const VALUES: Record<string, string> = {
  PLAIN: 'abc/1.0',
  EMPTY: '',
  SPACES: '  two  words  ',
  HASH: 'a # b',
  QUOTES: `it's "so" and \`that\``,
  DOLLARS: '$HOME ${HOME} $(id) \\$x',
  BACKSLASHES: '\\n \\\\ \\',
  LINES: 'one\ntwo\n',
  ALL: `'"\\$\n\`#; |&<>*?[]{}~!`,
  ACCENTS: 'ünï ✓',
};

describe('exportText', () => {
  it('writes what a .env file gives back', () => {
    const values = { ...VALUES, RETURN: "a\r\nb'c" };
    expect(parse(exportText(values, 'dotenv'), () => 'wrong')).toEqual(values);
  });

  it('writes what a shell understands', () => {
    const dir = mkdtempSync(join(tmpdir(), 'llmspell-'));
    writeFileSync(join(dir, 'vars.sh'), exportText(VALUES, 'shell'));
    const print = `. ${dir}/vars.sh; for n in ${Object.keys(VALUES).join(' ')}; do printenv -0 $n; done`;
    const out = execFileSync('sh', ['-c', print], { encoding: 'utf8' });
    rmSync(dir, { recursive: true });
    expect(out.split('\0').slice(0, -1)).toEqual(Object.values(VALUES));
  });

  it('reads what a shell reads', () => {
    const text = `A=1\nexport B='x y'\nC="a \\"b\\" \\$A \${A}"\nD=x#y # comment\nE=\n`;
    const sh = 'set -a; eval "$0"; for n in A B C D E; do printenv -0 $n; done';
    const out = execFileSync('sh', ['-c', sh, text], { encoding: 'utf8', env: { PATH: process.env.PATH } });
    expect(Object.values(parse(text, () => undefined))).toEqual(out.split('\0').slice(0, -1));
  });

  it('writes JSON', () => {
    expect(JSON.parse(exportText(VALUES, 'json'))).toEqual(VALUES);
  });

  it('refuses names that a shell cannot have', () => {
    expect(() => exportText({ 'A.B': '1' }, 'shell')).toThrow(
      expect.objectContaining({ code: 'input.invalid' }),
    );
  });
});
