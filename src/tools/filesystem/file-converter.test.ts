import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../core/values.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import type { ToolHost } from '../host.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import fileConverter from './file-converter.js';

let dir: string;
beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'llmspell-convert-')));
});
afterEach(() => rm(dir, { recursive: true }));

interface Options {
  config?: ToolHost['config'];
  signal?: AbortSignal;
}
function call(input: JsonObject, { config = {}, signal }: Options = {}) {
  const permissions = createPermissions({ ...noGrants(), read: [dir], write: [dir] }, { cwd: dir });
  return callTool(fileConverter, input, { permissions, host: { config }, ...(signal && { signal }) });
}
const put = (name: string, content: string | Uint8Array) => writeFile(join(dir, name), content);
const get = (name: string) => readFile(join(dir, name));
const text = (name: string) => readFile(join(dir, name), 'utf8');
const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd: dir, maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] });

const WORDS = 'Grüße aus Köln — 10 €\nzweite Zeile: naïve café\n';

describe('file-converter', () => {
  itRunsItsSamples(fileConverter);

  describe('encoding', () => {
    it.each([
      ['utf-16le', 'UTF-16LE'],
      ['utf16be', 'UTF-16BE'],
      ['UTF-32LE', 'UTF-32LE'],
      ['windows-1252', 'WINDOWS-1252'],
      ['utf8', 'UTF-8'],
    ])('writes %s as iconv does, and reads it back', async (name, theirs) => {
      await put('a.txt', WORDS);
      await call({
        operation: 'encoding',
        path: 'a.txt',
        target_path: 'b.txt',
        to_encoding: name,
        bom: 'none',
      });
      expect(await get('b.txt')).toEqual(run('iconv', '-f', 'UTF-8', '-t', theirs, 'a.txt'));
      await call({
        operation: 'encoding',
        path: 'b.txt',
        target_path: 'c.txt',
        from_encoding: name,
        to_encoding: 'utf-8',
      });
      expect(await text('c.txt')).toBe(WORDS);
    });

    it.each(['SHIFT_JIS', 'GB18030', 'EUC-JP', 'KOI8-R'])('reads %s from iconv', async (name) => {
      const words = name === 'KOI8-R' ? 'Привет, мир\n'.repeat(30) : '日本の文字\n'.repeat(30);
      await put('a.txt', words);
      await put('b.txt', run('iconv', '-f', 'UTF-8', '-t', name, 'a.txt'));
      await call({
        operation: 'convert_encoding',
        source_path: 'b.txt',
        from_encoding: name,
        to_encoding: 'utf-8',
        target_path: 'c.txt',
      });
      expect(await text('c.txt')).toBe(words);
      await call({ operation: 'encoding', path: 'c.txt', to_encoding: name });
      expect(await get('c.txt')).toEqual(await get('b.txt'));
    });

    it('knows byte order marks and writes them when asked', async () => {
      await put('a.txt', 'hé');
      const to = (bom: string, to_encoding: string) =>
        call({ operation: 'encoding', path: 'a.txt', target_path: 'b.txt', to_encoding, bom }).then(() =>
          get('b.txt'),
        );
      expect([...(await to('auto', 'utf-16le'))]).toEqual([0xff, 0xfe, 0x68, 0, 0xe9, 0]);
      expect([...(await to('add', 'utf-8'))]).toEqual([0xef, 0xbb, 0xbf, 0x68, 0xc3, 0xa9]);
      expect([...(await to('none', 'utf-16be'))]).toEqual([0, 0x68, 0, 0xe9]);
      await to('add', 'utf-16be');
      const detected = await call({ operation: 'detect_encoding', path: 'b.txt' });
      expect(detected.result).toMatchObject({ encoding: 'utf-16be', bom: true });
      await call({ operation: 'encoding', path: 'b.txt', target_path: 'c.txt', to_encoding: 'utf-8' });
      expect(await text('c.txt')).toBe('hé');
    });

    it.each([
      ['ascii', 'ü', /U\+00FC/],
      ['iso-8859-1', '€', /U\+20AC/],
      ['windows-1252', '日', /U\+65E5/],
      ['shift_jis', '🌍', /U\+1F30D/],
    ])('does not lose a character in %s', async (to_encoding, character, message) => {
      await put('a.txt', `${'x'.repeat(300_000)}${character}`);
      await expect(call({ operation: 'encoding', path: 'a.txt', to_encoding })).rejects.toThrow(message);
      expect(await readdir(dir)).toEqual(['a.txt']);
    });

    it.each<[string, number[]]>([
      ['utf-8', [0x61, 0xff]],
      ['utf-8', [0xed, 0xa0, 0x80]],
      ['utf-16le', [0x00, 0xd8, 0x61, 0x00]],
      ['utf-16le', [0x61]],
      ['ascii', [0xe9]],
      ['windows-1252', [0x81]],
    ])('refuses malformed %s: %j', async (from_encoding, bytes) => {
      await put('a.txt', Uint8Array.from(bytes));
      const attempt = call({ operation: 'encoding', path: 'a.txt', from_encoding, to_encoding: 'utf-8' });
      await expect(attempt).rejects.toThrow(/malformed input/);
      expect(await readdir(dir)).toEqual(['a.txt']);
    });

    it('keeps a copy when it converts in place', async () => {
      await put('a.txt', WORDS);
      const { result } = await call({ operation: 'encoding', path: 'a.txt', to_encoding: 'windows-1252' });
      expect(result).toMatchObject({
        output_path: join(dir, 'a.txt'),
        backup_path: join(dir, 'a.txt.backup'),
      });
      expect(await text('a.txt.backup')).toBe(WORDS);
      expect((await get('a.txt')).includes(0x80)).toBe(true);
    });

    it('streams large files without splitting a character', async () => {
      const line = 'a🌍é€\r\n';
      await put('a.txt', line.repeat(200_000));
      await call({ operation: 'encoding', path: 'a.txt', target_path: 'b.txt', to_encoding: 'utf-16le' });
      await call({ operation: 'encoding', path: 'b.txt', target_path: 'c.txt', to_encoding: 'utf-8' });
      expect((await get('c.txt')).equals(await get('a.txt'))).toBe(true);
    });
  });

  describe('line ends and indentation', () => {
    it.each([
      ['lf', 'a\nb\n\nc\n'],
      ['CRLF', 'a\r\nb\r\n\r\nc\r\n'],
      ['cr', 'a\rb\r\rc\r'],
    ])('%s', async (line_ending, expected) => {
      await put('a.txt', 'a\r\nb\r\n\rc\n');
      await call({ operation: 'line_endings', path: 'a.txt', line_ending });
      expect(await text('a.txt')).toBe(expected);
    });

    it('line ends of UTF-16 and of a file whose pieces end in a carriage return', async () => {
      await put('a.txt', Buffer.from('\ufeffa\r\nb', 'utf16le'));
      await call({ operation: 'line_endings', path: 'a.txt', line_ending: 'lf' });
      expect((await get('a.txt')).toString('utf16le')).toBe('\ufeffa\nb');
      await put('b.txt', `${'x'.repeat(256 * 1024 - 1)}\r\nend\r`);
      await call({ operation: 'line_endings', path: 'b.txt', line_ending: 'lf' });
      expect(await text('b.txt')).toBe(`${'x'.repeat(256 * 1024 - 1)}\nend\n`);
    });

    const SOURCE = '\tif (a) {\n\t\tb\t= "\t";\n  \tc\n \t d\n\n\t\n        e\n   f\n\tg';

    it.each([2, 4, 8])('indentation to spaces as expand does (%i)', async (tab_size) => {
      await put('a.c', SOURCE);
      await call({ operation: 'indentation', path: 'a.c', target_path: 'b.c', tab_size });
      expect(await get('b.c')).toEqual(run('expand', '-i', '-t', String(tab_size), 'a.c'));
    });

    it.each([2, 4, 8])('indentation to tabs (%i)', async (tab_size) => {
      await put('a.c', SOURCE);
      await call({
        operation: 'indentation',
        path: 'a.c',
        target_path: 'b.c',
        tab_size,
        convert_to_spaces: false,
      });
      expect(await text('b.c')).toContain(`b\t= "\t";`);
      expect(run('expand', '-i', '-t', String(tab_size), 'b.c')).toEqual(
        run('expand', '-i', '-t', String(tab_size), 'a.c'),
      );
      expect(await text('b.c')).not.toMatch(new RegExp(`^ {${tab_size}}`, 'm'));
    });
  });

  describe('formats', () => {
    const DATA: JsonValue = {
      title: 'Orders',
      open: true,
      total: 12.5,
      items: [
        { id: 1, name: 'Äpfel', tags: ['a', 'b'] },
        { id: 2, name: 'Pears & "co" <x>', tags: [] },
      ],
    };

    it.each([
      ['yaml', 'import yaml,json,sys; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))'],
      ['toml', 'import tomllib,json,sys; print(json.dumps(tomllib.load(open(sys.argv[1],"rb"))))'],
      ['json', 'import json,sys; print(json.dumps(json.load(open(sys.argv[1]))))'],
    ])('%s is what Python reads, and comes back', async (format, code) => {
      await put('a.json', JSON.stringify(DATA));
      await call({ operation: 'convert', path: 'a.json', target_path: `b.${format}` });
      expect(JSON.parse(run('/usr/bin/python3', '-c', code, `b.${format}`).toString())).toEqual(DATA);
      await call({ operation: 'convert', path: `b.${format}`, target_path: 'c.json' });
      expect(JSON.parse(await text('c.json'))).toEqual(DATA);
    });

    it('xml', async () => {
      await put(
        'a.xml',
        '<order id="7"><name>A &amp; B</name><item>1</item><item>2</item><!-- c --></order>',
      );
      await call({ operation: 'convert', path: 'a.xml', to_format: 'json' });
      expect(JSON.parse(await text('a.json'))).toEqual({
        order: { '@id': '7', name: 'A & B', item: ['1', '2'] },
      });
      await call({ operation: 'convert', path: 'a.json', target_path: 'b.xml' });
      expect(run('xmllint', '--xpath', 'string(/order/@id)', 'b.xml').toString().trim()).toBe('7');
      await put('list.json', '[{"first name":"x","1":null}]');
      await call({ operation: 'convert', path: 'list.json', to_format: 'xml' });
      expect(run('xmllint', '--xpath', 'string(//first_name)', 'list.xml').toString().trim()).toBe('x');
    });

    it('csv', async () => {
      await put('a.csv', 'id;name;note;code\n1;Ada;"a;b\nc";007\n2;Bob;;1e3\n');
      await call({ operation: 'convert', path: 'a.csv', to_format: 'json' });
      const rows = JSON.parse(await text('a.json'));
      expect(rows).toEqual([
        { id: 1, name: 'Ada', note: 'a;b\nc', code: '007' },
        { id: 2, name: 'Bob', note: null, code: expect.anything() },
      ]);
      await call({ operation: 'convert', path: 'a.json', target_path: 'b.csv' });
      const theirs = run(
        '/usr/bin/python3',
        '-c',
        'import csv,json; print(json.dumps(list(csv.reader(open("b.csv",newline="")))))',
      );
      expect(JSON.parse(theirs.toString())[1]).toEqual(['1', 'Ada', 'a;b\nc', '007']);
      const plain = await call({
        operation: 'convert',
        path: 'a.csv',
        target_path: 'p.json',
        infer_types: false,
        has_header: false,
      });
      expect(plain.result).toMatchObject({ records: 3 });
      expect(JSON.parse(await text('p.json'))[1][0]).toBe('1');
    });

    it('formulas do not reach a spreadsheet', async () => {
      const rows = [{ a: '=cmd|x', b: '+1+1', c: '@x', d: -5, e: 'fine', f: '-1.5' }];
      await put('a.json', JSON.stringify(rows));
      await call({ operation: 'convert', path: 'a.json', to_format: 'csv' });
      expect((await text('a.csv')).split('\n')[1]).toBe("'=cmd|x,'+1+1,'@x,-5,fine,-1.5");
      await call({ operation: 'convert', path: 'a.json', to_format: 'xlsx' });
      await call({ operation: 'convert', path: 'a.xlsx', target_path: 'b.json' });
      expect(JSON.parse(await text('b.json'))[0]).toMatchObject({ a: "'=cmd|x", d: -5, e: 'fine' });
      await call({ operation: 'convert', path: 'a.json', target_path: 'c.csv', escape_formulas: false });
      expect(await text('c.csv')).toContain('\n=cmd|x,');
    });

    it('xlsx that another program wrote', async () => {
      const { default: writeXlsx } = await import('write-excel-file/node');
      const rows = [
        ['name', 'age', 'born', 'ok'],
        ['Ada', 36, new Date(Date.UTC(1815, 11, 10)), true],
        [null, 1.5, new Date(Date.UTC(2024, 0, 2, 3, 4, 5)), false],
      ].map((row) =>
        row.map((value) =>
          value === null ? null : { value, ...(value instanceof Date && { format: 'yyyy-mm-dd hh:mm:ss' }) },
        ),
      );
      await writeXlsx([{ data: rows, sheet: 'People' } as never]).toFile(join(dir, 'a.xlsx'));
      await call({ operation: 'convert', path: 'a.xlsx', to_format: 'json', sheet: 'People' });
      expect(JSON.parse(await text('a.json'))).toEqual([
        { name: 'Ada', age: 36, born: expect.anything(), ok: true },
        { name: null, age: 1.5, born: '2024-01-02T03:04:05', ok: false },
      ]);
      const missing = call({ operation: 'convert', path: 'a.xlsx', to_format: 'json', sheet: 'None' });
      await expect(missing).rejects.toThrow(/no sheet 'None'. Its sheets: 'People'/);
    });

    it('Markdown and HTML', async () => {
      const prose =
        '# Title\n\nSome *words* and a [link](https://example.com).\n\n- one\n- two\n\n```js\nlet a = 1 < 2;\n```\n';
      await put('a.md', prose);
      await call({ operation: 'convert', path: 'a.md', to_format: 'html' });
      const html = await text('a.html');
      expect(html).toContain('<h1>Title</h1>');
      expect(html).toContain('let a = 1 &lt; 2;');
      await call({ operation: 'convert', path: 'a.html', target_path: 'b.md' });
      expect(await text('b.md')).toBe(
        '# Title\n\nSome _words_ and a [link](https://example.com).\n\n-   one\n-   two\n\n```js\nlet a = 1 < 2;\n```\n',
      );
    });

    it.each([
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      'a <b onclick="alert(1)">b</b>',
      '[x](javascript:alert(1))',
      '[x](JaVaScRiPt:alert(1))',
      '[x](java\tscript:alert(1))',
      '[x](&#106;avascript:alert(1))',
      '[x](javascript&colon;alert(1))',
      '[x](&#x6A;avascript&#58;alert(1))',
      '<javascript:alert(1)>',
      '![x](javascript:alert(1))',
      '![x](data:text/html;base64,PHNjcmlwdD4=)',
      '[x](vbscript:x)',
      '[a]: javascript:alert(1)\n\n[x][a]',
      '[x](https://e.com "\\"><script>alert(1)</script>")',
      '```"><script>alert(1)</script>\nx\n```',
    ])('Markdown that would run something does not: %s', async (markdown) => {
      await put('a.md', markdown);
      await call({ operation: 'convert', path: 'a.md', to_format: 'html' });
      const html = await text('a.html');
      const { parseHTML } = await import('linkedom');
      const { document } = parseHTML(`<html><body>${html}</body></html>`);
      for (const element of document.querySelectorAll('body *')) {
        expect(['SCRIPT', 'IFRAME', 'OBJECT', 'STYLE']).not.toContain(element.tagName);
        for (const { name, value } of element.attributes) {
          expect(name).not.toMatch(/^on/i);
          if (name === 'href' || name === 'src')
            expect(value.replace(/[\0- ]/g, '')).not.toMatch(/^(?:javascript|vbscript|data):/i);
        }
      }
    });

    it('HTML that would run something does not', async () => {
      await put(
        'a.html',
        '<p>Hi <a href="javascript:alert(1)">x</a><script>evil()</script><a href="/y">y</a></p>',
      );
      await call({ operation: 'convert', path: 'a.html', to_format: 'md' });
      expect(await text('a.md')).toBe('Hi x[y](/y)\n');
    });

    it.each<[string, string, string, RegExp]>([
      ['a.json', '{"a":', 'yaml', /Invalid JSON/],
      ['a.yaml', 'a: [1', 'json', /./],
      ['a.toml', 'a = ', 'json', /./],
      ['a.xml', '<a><b></a>', 'json', /not well-formed/],
      [
        'a.xml',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        'json',
        /document type|DOCTYPE/i,
      ],
      ['a.xlsx', 'PK nonsense', 'json', /Unsupported archive|not an Excel/],
      ['a.json', `${'['.repeat(5000)}${']'.repeat(5000)}`, 'yaml', /levels deep/],
      [
        'a.yaml',
        `a: &a [${'x,'.repeat(10)}]\nb: &b [${'*a,'.repeat(10)}]\nc: &c [${'*b,'.repeat(10)}]\nd: [${'*c,'.repeat(10)}]\n`,
        'json',
        /alias/i,
      ],
      ['a.json', '5', 'csv', /no table/],
      ['a.json', '[1,null]', 'toml', /null/],
      ['a.md', '# x', 'json', /markdown holds no data/],
    ])('refuses %s %j', async (name, content, to_format, message) => {
      await put(name, content);
      await expect(call({ operation: 'convert', path: name, to_format })).rejects.toThrow(message);
      expect(await readdir(dir)).toEqual([name]);
    });

    it('YAML keys that are names of prototypes are data', async () => {
      await put('a.yaml', '__proto__: {x: 1}\n2024-01-01: .inf\n');
      await call({ operation: 'convert', path: 'a.yaml', to_format: 'json' });
      expect(JSON.stringify(JSON.parse(await text('a.json')))).toBe(
        '{"__proto__":{"x":1},"2024-01-01":null}',
      );
    });
  });

  it.each<[JsonObject, RegExp]>([
    [{ operation: 'encoding', path: 'none', to_encoding: 'utf-8' }, /Input file does not exist/],
    [{ operation: 'encoding', path: 'a.txt', to_encoding: 'utf-9' }, /Invalid encoding/],
    [{ operation: 'encoding', path: 'a.txt', to_encoding: 'base64' }, /Invalid encoding/],
    [{ operation: 'encoding', path: 'a.txt' }, /Missing required parameter 'to_encoding'/],
    [{ operation: 'line_endings', path: 'a.txt', line_ending: 'lfcr' }, /Invalid line ending/],
    [{ operation: 'convert', path: 'a.txt', to_format: 'json' }, /'from_format' is needed/],
    [{ operation: 'convert', path: 'a.txt', from_format: 'csv' }, /'to_format' is needed/],
    [
      { operation: 'convert', path: 'a.txt', from_format: 'docx', to_format: 'json' },
      /Invalid from_format 'docx'/,
    ],
    [{ operation: 'encoding', path: '/etc/passwd', to_encoding: 'utf-8' }, /Permission denied/],
    [
      { operation: 'encoding', path: 'a.txt', target_path: '/etc/x', to_encoding: 'utf-16le' },
      /Permission denied/,
    ],
  ])('refuses %j', async (input, message) => {
    await put('a.txt', 'x');
    await expect(call(input)).rejects.toThrow(message);
    expect(await readdir(dir)).toEqual(['a.txt']);
  });

  it('keeps to the limit of the configuration', async () => {
    await put('a.txt', 'x'.repeat(1000));
    const config = { file_operations: { max_file_size: 999 } };
    const attempt = call({ operation: 'encoding', path: 'a.txt', to_encoding: 'utf-16le' }, { config });
    await expect(attempt).rejects.toThrow(/File too large/);
  });

  it('writes in place through a link, and keeps the copy beside the file', async () => {
    await put('a.txt', 'a\n');
    await symlink('a.txt', join(dir, 'link'));
    await call({ operation: 'line_endings', path: 'link', line_ending: 'crlf' });
    expect(await text('a.txt')).toBe('a\r\n');
    expect(existsSync(join(dir, 'a.txt.backup'))).toBe(true);
  });

  it.each<[string, () => Promise<unknown>, JsonObject]>([
    [
      'a text',
      () => put('in.txt', 'x\n'.repeat(20_000_000)),
      { operation: 'line_endings', path: 'in.txt', line_ending: 'crlf' },
    ],
    [
      'HTML that takes for ever',
      () => put('in.html', '<div>'.repeat(5000)),
      { operation: 'convert', path: 'in.html', to_format: 'md' },
    ],
    [
      'Markdown that takes for ever',
      () => put('in.md', '_a_'.repeat(100_000)),
      { operation: 'convert', path: 'in.md', to_format: 'html' },
    ],
  ])('stops at once when it is aborted: %s', async (_name, prepare, input) => {
    await prepare();
    const before = await readdir(dir);
    const controller = new AbortController();
    const working = call(input, { signal: controller.signal });
    setTimeout(() => controller.abort(), 150);
    await expect(working).rejects.toMatchObject({ code: 'component.cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await readdir(dir)).toEqual(before);
    expect(execFileSync('ps', ['--ppid', String(process.pid), '-o', 'args=']).toString()).not.toContain(
      'htmlToMarkdown',
    );
  });
});
