import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import type { JsonObject, JsonValue } from '../../core/values.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { toolComponent } from '../component.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import xmlProcessor from './xml-processor.js';

const call = (input: JsonObject) => callTool(xmlProcessor, input);
const result = async (input: JsonObject) => (await call(input)).result as JsonObject;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'llmspell-xml-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, content);
  return path;
}

/** Whether the system's own XML checker takes the text. */
function xmllint(text: string): void {
  execFileSync('xmllint', ['--noout', '-'], { input: text, stdio: ['pipe', 'ignore', 'pipe'] });
}

const SHOP = `<?xml version="1.0"?>
<!-- stock -->
<s:shop xmlns:s="urn:shop" xmlns="urn:item" open="true">
  <item id="1" lang="en"><name>Pen &amp; ink</name><price>1.50</price></item>
  <item id="2"><name>Paper</name><price>4</price><note><![CDATA[<b>thick</b>]]></note></item>
  <s:empty/>
</s:shop>`;

describe('xml-processor', () => {
  itRunsItsSamples(xmlProcessor);

  describe('to JSON', () => {
    it('names attributes, lists and text', async () => {
      expect(await result({ operation: 'to_json', input: SHOP, infer_types: true })).toEqual({
        's:shop': {
          '@xmlns:s': 'urn:shop',
          '@xmlns': 'urn:item',
          '@open': true,
          item: [
            { '@id': 1, '@lang': 'en', name: 'Pen & ink', price: 1.5 },
            { '@id': 2, name: 'Paper', price: 4, note: '<b>thick</b>' },
          ],
          's:empty': '',
        },
      });
    });

    it.each<[string, JsonValue, JsonObject]>([
      ['<a><b>1</b></a>', { a: { b: ['1'] } }, { always_array: ['b'] }],
      ['<a x="1">t</a>', { a: { $x: '1', _: 't' } }, { attribute_prefix: '$', text_key: '_' }],
      [
        '<a><__proto__>1</__proto__><constructor/></a>',
        JSON.parse('{"a":{"__proto__":"1","constructor":""}}') as JsonValue,
        {},
      ],
      ['<a>007</a>', { a: '007' }, { infer_types: true }],
      ['<a/>', { a: '' }, {}],
      ['<ä>ü🦀</ä>', { ä: 'ü🦀' }, {}],
    ])('%s', async (input, expected, options) => {
      expect(await result({ operation: 'to_json', input, ...options })).toEqual(expected);
    });

    it('keeps the order of mixed content as a tree', async () => {
      expect(
        await result({ operation: 'to_json', mode: 'tree', input: '<p>Hello <b>big</b> world</p>' }),
      ).toEqual({
        name: 'p',
        attributes: {},
        children: ['Hello ', { name: 'b', attributes: {}, children: ['big'] }, ' world'],
      });
    });

    it('parses with facts about the document', async () => {
      expect(await result({ input: SHOP })).toMatchObject({
        root: 's:shop',
        element_count: 9,
        depth: 3,
        namespaces: { s: 'urn:shop', '': 'urn:item' },
      });
    });
  });

  describe('from JSON', () => {
    it.each<[JsonValue, JsonObject, string]>([
      [{ a: { '@x': 1, b: [1, 'two', null], '#text': 'T' } }, {}, '<a x="1"><b>1</b><b>two</b><b/>T</a>\n'],
      ['{"a":{"b":{"c":true}}}', {}, '<a>\n  <b>\n    <c>true</c>\n  </b>\n</a>\n'],
      [[1, 2], { root: 'list' }, '<list>\n  <item>1</item>\n  <item>2</item>\n</list>\n'],
      [{ a: 1, b: 2 }, {}, '<root>\n  <a>1</a>\n  <b>2</b>\n</root>\n'],
      [{ a: { '@q': '"<&>\n' } }, {}, '<a q="&quot;&lt;&amp;>&#10;"/>\n'],
      [{ a: ']]> & <x>' }, {}, '<a>]]&gt; &amp; &lt;x&gt;</a>\n'],
    ])('%j', async (input, options, expected) => {
      const xml = (await call({ operation: 'from_json', input, declaration: false, ...options })).text;
      expect(xml).toBe(expected);
      xmllint(xml);
    });

    it.each<JsonValue>([
      { 'a b': 1 },
      { a: { '1x': 1 } },
      { a: '\u0000' },
      { '<x>': 1 },
      { a: { '@': 1 } },
      { a: '\ud800' },
    ])('refuses %j', async (input) => {
      await expect(call({ operation: 'from_json', input })).rejects.toMatchObject({ code: 'input.invalid' });
    });

    it('gives back what it was made from', async () => {
      const value = {
        shop: {
          '@open': 'yes',
          item: [
            { '@id': '1', name: 'Pen' },
            { '@id': '2', name: 'Ink & co' },
          ],
        },
      };
      const xml = (await call({ operation: 'from_json', input: value })).text;
      expect(await result({ operation: 'to_json', input: xml })).toEqual(value);
    });
  });

  describe('query', () => {
    it.each<[string, JsonValue]>([
      ['//default:item/@id', ['1', '2']],
      ['/s:shop/default:item[default:price > 2]/default:name', ['Paper']],
      ['//default:name/text()', ['Pen & ink', 'Paper']],
      ['//s:empty', ['']],
      ['//i:item[@lang="en"]/i:price', ['1.50']],
      ['//comment()', [' stock ']],
    ])('%s', async (query, values) => {
      expect(
        (await result({ operation: 'query', input: SHOP, query, namespaces: { i: 'urn:item' } })).values,
      ).toEqual(values);
    });

    it.each<[string, JsonObject]>([
      ['count(//b)', { type: 'number', value: 2 }],
      ['string(//b[2])', { type: 'string', value: 'y' }],
      ['count(//b) > 1', { type: 'boolean', value: true }],
    ])('%s is one value', async (query, expected) => {
      expect(await result({ operation: 'query', input: '<a><b>x</b><b>y</b></a>', query })).toEqual(expected);
    });

    it('describes what it found, up to a limit', async () => {
      const input = `<a>${'<b k="v"><c/></b>'.repeat(50)}</a>`;
      const found = await result({ operation: 'xpath', input, xpath: '//b', limit: 3 });
      expect(found).toMatchObject({ count: 50, truncated: true });
      expect(found.matches).toHaveLength(3);
      expect((found.matches as JsonObject[])[0]).toMatchObject({
        type: 'element',
        name: 'b',
        line: 1,
        attributes: { k: 'v' },
        xml: '<b k="v"><c/></b>',
      });
    });

    it('says why a default namespace hides everything', async () => {
      expect((await call({ operation: 'query', input: SHOP, query: '//item' })).message).toContain(
        'write default:name',
      );
    });

    it.each(['//[', 'nosuch(1)', '//x:y', '', '//a['.repeat(50)])('refuses %j', async (query) => {
      await expect(call({ operation: 'query', input: '<a/>', query })).rejects.toMatchObject({
        code: 'input.invalid',
      });
    });

    const hostile = {
      operation: 'query',
      input: `<a>${'<b/>'.repeat(3000)}</a>`,
      query: '//b[count(//b[count(//b[count(//b) > 1]) > 1]) > 1]',
    };
    it('ends a query that would run for ever, and lets others work meanwhile', async () => {
      let turns = 0;
      const timer = setInterval(() => turns++, 10);
      await expect(call({ ...hostile, timeout_ms: 1500 })).rejects.toMatchObject({
        code: 'component.timeout',
      });
      clearInterval(timer);
      expect(turns).toBeGreaterThan(20);
    });

    it('stops at once when the call is cancelled', async () => {
      const controller = new AbortController();
      const { context } = testContext({ signal: controller.signal });
      const running = invoke(toolComponent(xmlProcessor), hostile, context);
      setTimeout(() => controller.abort(), 100);
      await expect(running).rejects.toMatchObject({ code: 'component.cancelled' });
    });
  });

  describe('validate', () => {
    it.each<[string, number]>([
      ['<a>\n  <b></c>\n</a>', 2],
      ['<a>', 1],
      ['', 1],
      ['text', 1],
      ['<a/><b/>', 1],
      ['<a x="1" x="2"/>', 1],
      ['<a>\n\n&nbsp;</a>', 3],
      ['<a x=1/>', 1],
      ['<p:a/>', 1],
      ['<a>\u0001</a>', 1],
      ['<a><![CDATA[x</a>', 1],
    ])('%j is not well-formed', async (input, line) => {
      const report = await result({ operation: 'validate', input });
      expect(report).toMatchObject({ valid: false, well_formed: false });
      expect((report.errors as JsonObject[])[0]).toMatchObject({
        kind: 'syntax',
        line,
        column: expect.any(Number),
      });
      expect(() => xmllint(input.replace('<p:a/>', '<'))).toThrow();
      await expect(call({ operation: 'to_json', input })).rejects.toMatchObject({ code: 'input.invalid' });
    });

    it.each<[JsonObject, string | undefined]>([
      [{ path: 'shop/item', min: 1, max: 5, attributes: ['id'], children: ['price'] }, undefined],
      [{ path: 'shop/item', min: 3 }, 'at least 3, found 2'],
      [{ path: 'shop/item', max: 1 }, 'at most 1, found 2'],
      [{ path: 'shop/item', attributes: ['lang'] }, "attribute 'lang' is missing"],
      [{ path: 'shop/*', children: ['name'] }, "element 'name' is missing"],
      [{ path: 'shop/item', only_children: ['name'] }, "element 'price' is not allowed"],
      [{ path: 'shop/item/price', type: 'number' }, "'cheap' is no number"],
      [{ path: '/shop/item/price', pattern: '^[0-9.]+$' }, 'does not match'],
    ])('checks the rule %j', async (rule, message) => {
      const input =
        '<shop><item id="1"><name>A</name><price>1.5</price></item><item id="2"><price>cheap</price></item></shop>';
      const report = await result({ operation: 'validate', input, rules: [rule] });
      expect(report.valid).toBe(message === undefined);
      if (message) expect(JSON.stringify(report.errors)).toContain(message);
    });

    it('refuses rules that do not exist', async () => {
      await expect(
        call({ operation: 'validate', input: '<a/>', rules: [{ path: 'a', atributes: [] }] }),
      ).rejects.toMatchObject({ code: 'input.invalid' });
      await expect(
        call({ operation: 'validate', input: '<a/>', rules: [{ path: 'a', pattern: '(' }] }),
      ).rejects.toMatchObject({ code: 'input.invalid' });
    });
  });

  describe('format', () => {
    it('indents elements and leaves text as it is', async () => {
      const input =
        '<a><!-- c --><b  k="v"><c/></b><p>Hello <i>big</i>\n world</p><d>x</d><q xml:space="preserve"> <r/> </q></a>';
      const { text } = await call({ operation: 'transform', input });
      expect(text).toBe(`<a>
  <!-- c -->
  <b k="v">
    <c/>
  </b>
  <p>Hello <i>big</i>
 world</p>
  <d>x</d>
  <q xml:space="preserve"> <r/> </q>
</a>
`);
      const { text: small } = await call({ operation: 'minify', input: text, keep_comments: false });
      expect(small).toBe(
        '<a><b k="v"><c/></b><p>Hello <i>big</i>\n world</p><d>x</d><q xml:space="preserve"> <r/> </q></a>',
      );
    });

    it('writes what means the same as what it read', async () => {
      const { text } = await call({ operation: 'format', input: SHOP });
      xmllint(text);
      const canonical = (xml: string) =>
        execFileSync('xmllint', ['--noblanks', '--c14n', '-'], { input: xml, encoding: 'utf8' });
      expect(canonical(text)).toBe(canonical(SHOP));
      expect(await result({ operation: 'to_json', input: text })).toEqual(
        await result({ operation: 'to_json', input: SHOP }),
      );
    });

    it('writes into a file', async () => {
      const output = join(dir, 'out.xml');
      await result({ operation: 'minify', input: SHOP, output_path: output });
      xmllint(await readFile(output, 'utf8'));
    });
  });

  it('extracts text in lines', async () => {
    const input =
      '<doc><title> A  title </title><p>One <b>two</b>\n three.</p><list><i>x</i><i>y</i></list></doc>';
    expect((await call({ operation: 'extract_text', input })).text).toBe('A title\nOne two three.\nx\ny');
  });

  it.each<[string, (text: string) => Uint8Array]>([
    ['<?xml version="1.0" encoding="ISO-8859-1"?><a>Zürich</a>', (text) => Buffer.from(text, 'latin1')],
    ['\ufeff<?xml version="1.0" encoding="UTF-16"?><a>Zürich</a>', (text) => Buffer.from(text, 'utf16le')],
    ['\ufeff<a>Zürich</a>', (text) => Buffer.from(text)],
    ['<a>Zürich</a>', (text) => Buffer.from(text)],
  ])('reads the file %j in its encoding', async (text, encode) => {
    const path = await file('encoded.xml', encode(text));
    expect(await result({ operation: 'to_json', path })).toEqual({ a: 'Zürich' });
    expect((await result({ operation: 'query', path, query: '/a' })).values).toEqual(['Zürich']);
  });

  describe('hostile input', () => {
    const laughs = `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, index) => `<!ENTITY lol${index + 1} "${`&lol${index || ''};`.repeat(10)}">`).join('')}]><lolz>&lol9;</lolz>`;
    const doctypes = [
      laughs,
      '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
      '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
      '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><a/>',
      '<!DOCTYPE html><html/>',
      '<?xml version="1.0"?>\n<!doctype a><a/>'.replace('doctype', 'DOCTYPE'),
    ];
    it.each(doctypes)('refuses %.60s', async (input) => {
      for (const operation of ['parse', 'query', 'validate', 'format', 'minify', 'to_json', 'extract_text']) {
        const refused = call({ operation, input, query: '/*' });
        await expect(refused).rejects.toMatchObject({
          code: 'input.invalid',
          message: expect.stringContaining('DOCTYPE'),
        });
      }
      expect(JSON.stringify(await call({ operation: 'validate', input: '<a>&e;</a>' }))).not.toContain(
        'root:',
      );
    });

    it('refuses nesting that is too deep', async () => {
      const input = '<a>'.repeat(100_000);
      await expect(call({ input })).rejects.toThrow('nested deeper');
      const fine = `${'<a>'.repeat(80)}x${'</a>'.repeat(80)}`;
      expect((await call({ operation: 'to_json', input: fine })).success).toBe(true);
    });

    it('honours the limit on size and the grants', async () => {
      const host = { config: { data: { max_xml_size: 10 } } } as never;
      const path = await file('small.xml', '<a>12345678</a>');
      await expect(callTool(xmlProcessor, { input: '<a>12345678</a>' }, { host })).rejects.toMatchObject({
        code: 'input.invalid',
      });
      await expect(callTool(xmlProcessor, { path }, { host })).rejects.toMatchObject({ code: 'tool.failed' });
      const permissions = createPermissions({ ...noGrants(), read: [dir] }, { cwd: dir });
      await expect(callTool(xmlProcessor, { path: '/etc/passwd' }, { permissions })).rejects.toMatchObject({
        code: 'permission.read',
      });
      const write = { operation: 'format', path, output_path: join(dir, 'x.xml') };
      await expect(callTool(xmlProcessor, write, { permissions })).rejects.toMatchObject({
        code: 'permission.write',
      });
    });

    it('stops while it reads a large file, and leaves none behind', async () => {
      const path = await file('large.xml', `<a>${'<b c="d">some text</b>\n'.repeat(400_000)}</a>`);
      const controller = new AbortController();
      const { context } = testContext({ signal: controller.signal });
      const output = join(dir, 'stopped', 'out.xml');
      const running = invoke(
        toolComponent(xmlProcessor),
        { operation: 'format', path, output_path: output },
        context,
      );
      setTimeout(() => controller.abort(), 100);
      await expect(running).rejects.toMatchObject({ code: 'component.cancelled' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(existsSync(output)).toBe(false);
      expect(existsSync(join(dir, 'stopped')) ? await readdir(join(dir, 'stopped')) : []).toEqual([]);
    });
  });
});
