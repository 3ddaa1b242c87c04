import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invoke } from '../../core/invoke.js';
import { testContext } from '../../core/testing.js';
import type { JsonObject } from '../../core/values.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { toolComponent } from '../component.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import csvAnalyzer from './csv-analyzer.js';

const call = (input: JsonObject) => callTool(csvAnalyzer, input);
const result = async (input: JsonObject) => (await call(input)).result as JsonObject;
const text = async (input: JsonObject) => (await call(input)).result as unknown as string;

const SALES = `id,product,price,quantity,is_active,city
101,Laptop,999.99,2,true,New York
102,Mouse,19.5,10,true,Berlin
103,Desk,250,1,false,Paris
104,Lamp,45.25,4,true,"Berlin, Mitte"
105,Chair,120,,true,New York
`;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'llmspell-csv-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, content);
  return path;
}

/** Columns of an analysis by name. */
async function columns(input: JsonObject): Promise<Record<string, JsonObject>> {
  const report = await result({ operation: 'analyze', ...input });
  return Object.fromEntries((report.columns as JsonObject[]).map((column) => [column.name, column]));
}

describe('csv-analyzer', () => {
  itRunsItsSamples(csvAnalyzer);

  describe('analyze', () => {
    it('counts rows and columns and tells types', async () => {
      const report = await result({ input: SALES });
      expect(report).toMatchObject({ row_count: 5, column_count: 6, delimiter: ',', encoding: 'utf-8' });
      const types = (report.columns as JsonObject[]).map((column) => column.data_type);
      expect(types).toEqual(['integer', 'string', 'float', 'integer', 'boolean', 'string']);
    });

    it('computes what numbers are: extremes by value, mean, median, deviation', async () => {
      const { n } = await columns({ input: 'n\n10\n9\n2\n-3.5\n\n100\nx\n' });
      expect(n).toMatchObject({ data_type: 'float', min_value: -3.5, max_value: 100, median: 9 });
      expect(n!.mean).toBeCloseTo(23.5, 12);
      expect(n!.std_dev).toBeCloseTo(38.5642, 4);
      expect(n!.sample_std_dev).toBeCloseTo(43.1161, 3);
      expect(n!.type_counts).toEqual({ integer: 4, float: 1, string: 1 });
    });

    it.each<[string, string]>([
      ['2024-01-31', 'date'],
      ['2024-01-31T10:00:00Z', 'date_time'],
      ['2024-13-31', 'string'],
      ['TRUE', 'boolean'],
      ['-1e3', 'float'],
      ['007', 'string'],
      ['1.2.3', 'string'],
      ['+5', 'integer'],
      ['NaN', 'string'],
      ['Infinity', 'string'],
      ['0x10', 'string'],
      [`${'9'.repeat(400)}`, 'string'],
    ])('takes %s for %s', async (value, type) => {
      expect((await columns({ input: `a,b\n${value},1\n` })).a).toMatchObject({ data_type: type });
    });

    it.each<[string, string, number, number]>([
      ['one column', 'name\nAda\nAlan\n', 2, 1],
      ['one line', 'a,b,c', 0, 3],
      ['one line of one column', 'name', 0, 1],
      ['nothing', '', 0, 0],
      ['semicolons', 'a;b\n1,5;2\n', 1, 2],
      ['tabs', 'a\tb\n1\t2\n', 1, 2],
      ['bars', 'a|b\n1|2\n', 1, 2],
      ['a comma in quotes', 'a;b\n"x,y,z";1\n"x,y,z";2\n', 2, 2],
      ['a line break in quotes', 'a,b\n"x\ny",1\n', 1, 2],
      ['CRLF and a byte order mark', '\ufeffa,b\r\n1,2\r\n', 1, 2],
      ['old Macintosh line ends', 'a,b\r1,2\r3,4\r', 2, 2],
    ])('reads %s', async (_name, input, rows, width) => {
      const report = await result({ input });
      expect(report).toMatchObject({ row_count: rows, column_count: width, parse_error_count: 0 });
      if (width > 0) expect((report.columns as JsonObject[])[0]!.name).not.toContain('\ufeff');
    });

    it('still reports on rows of the wrong width and on a quote left open', async () => {
      const ragged = await result({ input: 'a,b\n1\n1,2,3\n4,5\n' });
      expect(ragged).toMatchObject({ row_count: 3, parse_error_count: 2 });
      expect(ragged.parse_errors).toEqual([
        'Row 1 has 1 fields, expected 2',
        'Row 2 has 3 fields, expected 2',
      ]);
      const open = await result({ input: 'a,b\n1,2\n"x,2\n3,4\n' });
      expect(open).toMatchObject({ row_count: 1, parse_error_count: 1 });
      expect(JSON.stringify(open.parse_errors)).toContain('Quote not closed');
    });

    it('ends early at a quote that encloses the rest of a large file', async () => {
      const path = await file('open.csv', `a,b\n1,2\n"${'x,y\n'.repeat(2_000_000)}`);
      const report = await result({ path });
      expect(report).toMatchObject({ row_count: 1, parse_error_count: 1 });
      expect(JSON.stringify(report.parse_errors)).toContain('is a quote left open?');
    });

    it('names columns that have no name, or one that is taken', async () => {
      expect(Object.keys(await columns({ input: 'a,,a,__proto__\n1,2,3,4\n' }))).toEqual([
        'a',
        'Column_2',
        'a_2',
        '__proto__',
      ]);
      expect(Object.keys(await columns({ input: '1,2\n3,4\n', options: { has_headers: false } }))).toEqual([
        'Column_1',
        'Column_2',
      ]);
    });

    it('counts different values exactly as long as it can, and says so', async () => {
      const many = Array.from({ length: 150_000 }, (_, index) => `v${index},${index % 3}`).join('\n');
      const { id, few } = await columns({ input: `id,few\n${many}` });
      expect(id).toMatchObject({ unique_exact: false, unique_count: 100_000 });
      expect(few).toMatchObject({
        unique_exact: true,
        unique_count: 3,
        top_values: [{ count: 50_000 }, {}, {}],
      });
    });

    it('takes a sample for the median of very many numbers, and says so', async () => {
      const numbers = Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 300_000);
      const { n } = await columns({ input: `n\n${numbers.join('\n')}` });
      expect(n).toMatchObject({
        median_exact: false,
        min_value: 0,
        max_value: 299_999,
        mean: expect.closeTo(149_999.5, 6),
      });
      expect(Math.abs((n!.median as number) - 150_000)).toBeLessThan(3000);
    });

    it.each<[string, string, (text: string) => Uint8Array]>([
      ['utf-16le', 'Zürich', (content) => Buffer.from(`\ufeff${content}`, 'utf16le')],
      ['iso-8859-1', 'Zürich', (content) => Buffer.from(content, 'latin1')],
      ['utf-8', 'Zürich 🦀', (content) => Buffer.from(`\ufeff${content}`)],
    ])('reads a file in %s', async (encoding, city, encode) => {
      const body = `stadt,einwohner\n${`${city},1\n`.repeat(50)}`;
      const path = await file(`${encoding}.csv`, encode(body));
      expect(await result({ path })).toMatchObject({ row_count: 50, encoding });
      expect((await columns({ path })).stadt).toMatchObject({ min_value: city });
      expect((await columns({ path, options: { encoding } })).stadt).toMatchObject({ min_value: city });
    });

    it('refuses an encoding that does not exist', async () => {
      const path = await file('plain.csv', 'a\n1\n');
      await expect(call({ path, options: { encoding: 'utf-99' } })).rejects.toMatchObject({
        code: 'input.invalid',
      });
    });
  });

  describe('filter', () => {
    it.each<[string, string[]]>([
      ['is_active == "true"', ['101', '102', '104', '105']],
      ['price > 100', ['101', '103', '105']],
      ['price >= 120 and quantity < 2', ['103']],
      ['city == New York or city == Paris', ['101', '103', '105']],
      ['city == "Berlin, Mitte"', ['104']],
      ['(price < 50 or price > 900) and not product == Mouse', ['101', '104']],
      ['city contains berlin', ['102', '104']],
      ['product starts_with La', ['101', '104']],
      ['product matches "^L.*mp$"', ['104']],
      ['product in (Desk, "Chair")', ['103', '105']],
      ['product not in (Desk, Chair) && price <= 45.25', ['102', '104']],
      ['quantity is empty', ['105']],
      ['quantity is not empty and id != 101', ['102', '103', '104']],
      ['`price` = 250.0', ['103']],
      ['price != 250', ['101', '102', '104', '105']],
      ['ID == 102', ['102']],
      ['product == nobody', []],
    ])('%s', async (filter, ids) => {
      const csv = await text({ operation: 'filter', input: SALES, options: { filter } });
      expect(
        csv
          .trimEnd()
          .split('\n')
          .slice(1)
          .map((line) => line.slice(0, 3)),
      ).toEqual(ids);
    });

    it.each([
      'nosuch == 1',
      'price >',
      '== 5',
      'price',
      'price > 5 and',
      '(price > 5',
      'price > 5)',
      'price ~ 5',
      'product matches "(?=x)"',
      `${'('.repeat(100)}price > 1${')'.repeat(100)}`,
      '',
    ])('refuses %s', async (filter) => {
      await expect(call({ operation: 'filter', input: SALES, options: { filter } })).rejects.toMatchObject({
        code: 'input.invalid',
      });
    });

    it('compares quoted values as text', async () => {
      const input = 'zip\n00123\n123\n';
      expect(await text({ operation: 'filter', input, filter: 'zip == "00123"' })).toBe('zip\n00123\n');
      expect(await text({ operation: 'query', data: input, query: 'zip == 123' })).toBe('zip\n00123\n123\n');
    });

    it('is not slowed down by a pattern', async () => {
      const input = `a\n${'a'.repeat(50_000)}\n`;
      expect(await text({ operation: 'filter', input, filter: 'a matches "^(a+)+$" and a is empty' })).toBe(
        'a\n',
      );
    });
  });

  describe('transform', () => {
    it.each<[JsonObject, string]>([
      [
        { add_columns: { total: 'price * quantity' }, select_columns: ['id', 'total'] },
        'id,total\n1,7.5\n2,\n',
      ],
      [
        { add_columns: { total: '(price + 0.5) ^ 2 / 2' }, drop_columns: ['price', 'quantity'] },
        'id,total\n1,4.5\n2,2\n',
      ],
      [{ add_columns: { sum: '[id] + `id` + 0.1 + 0.2' }, select_columns: ['sum'] }, 'sum\n2.3\n4.3\n'],
      [{ add_columns: { label: "'no. {id}'" }, select_columns: ['label'] }, 'label\nno. 1\nno. 2\n'],
      [{ rename_columns: { id: 'ID' }, drop_columns: ['price'] }, 'ID,quantity\n1,3\n2,\n'],
    ])('%j', async (options, expected) => {
      const input = 'id,price,quantity\n1,2.5,3\n2,1.5,\n';
      expect(await text({ operation: 'transform', input, options })).toBe(expected);
    });

    it.each<JsonObject>([
      { add_columns: { x: 'nosuch * 2' } },
      { add_columns: { x: 'price *' } },
      { rename_columns: { nosuch: 'x' } },
      { rename_columns: { price: 'id' } },
      { select_columns: ['nosuch'] },
      { add_colums: {} },
    ])('refuses %j', async (options) => {
      const call = callTool(csvAnalyzer, { operation: 'transform', input: 'id,price\n1,2\n', options });
      await expect(call).rejects.toMatchObject({ code: 'input.invalid' });
    });

    it('tells of cells that could not be worked out', async () => {
      const answer = await call({
        operation: 'transform',
        input: 'a\nx\n2\n',
        options: { add_columns: { b: 'a * 2' } },
      });
      expect(answer.result).toBe('a,b\nx,\n2,4\n');
      expect(answer.metadata).toMatchObject({ parse_error_count: 1 });
    });
  });

  describe('validate', () => {
    const errors = async (rules: JsonObject, ...cells: string[]) => {
      const report = await result({
        operation: 'validate',
        input: `v,w\n${cells.map((cell) => `${cell},\n`).join('')}`,
        options: { rules: { v: rules as never } },
      });
      return (report.errors as JsonObject[]).map((error) => error.row);
    };
    it.each<[unknown, string[], number[]]>([
      ['email', ['a@example.org', 'nobody', 'a@b', '@x.org'], [2, 3, 4]],
      ['range:0-120', ['0', '120', '150', '-1', 'x'], [3, 4, 5]],
      ['range:-10-5', ['-10', '-11', '5', '6'], [2, 4]],
      ['range:-10--5', ['-10', '-4', '-5'], [2]],
      ['range:-1.5..1.5', ['-1.5', '1.6'], [2]],
      ['range:..5', ['-1000', '6'], [2]],
      [
        ['required', 'unique'],
        ['a', '', 'a'],
        [2, 3],
      ],
      [{ required: true, min: 0, max: 10 }, ['', '5', '11', '-1'], [1, 3, 4]],
      ['enum:red|green', ['red', 'blue'], [2]],
      [{ enum: ['red', 'green'] }, ['red', 'blue'], [2]],
      ['length:2-3', ['a', 'ab', 'abcd'], [1, 3]],
      ['pattern:^[A-Z]{2}\\d+$', ['AB12', 'ab12'], [2]],
      ['url', ['https://example.org/x', 'example.org'], [2]],
      ['date', ['2024-01-31', '31.1.2024'], [2]],
      ['integer', ['1', '1.5'], [2]],
    ])('%j', async (rule, cells, rows) => {
      expect(await errors(rule as JsonObject, ...cells)).toEqual(rows);
    });

    it.each<JsonObject>([
      { a: 'positive' },
      { nosuch: 'email' },
      { a: 'range:5-1' },
      { a: 'range:abc' },
      { a: 'range:-5' },
      { a: 'pattern:(' },
      { a: 5 },
    ])('refuses the rules %j', async (rules) => {
      const checked = call({ operation: 'validate', input: 'a\n1\n', options: { rules } });
      await expect(checked).rejects.toMatchObject({ code: 'input.invalid' });
    });

    it('counts rows of the wrong width', async () => {
      expect(await result({ operation: 'validate', input: 'a,b\n1\n' })).toMatchObject({
        valid: false,
        error_count: 1,
      });
      expect(await result({ operation: 'validate', input: 'a,b\n1,2\n' })).toMatchObject({
        valid: true,
        total_rows: 1,
      });
    });
  });

  describe('sample', () => {
    const long = `n\n${Array.from({ length: 1000 }, (_, index) => index).join('\n')}\n`;
    it('gives the first rows, or random ones in order', async () => {
      expect(await text({ operation: 'sample', input: long })).toBe('n\n0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n');
      const random = { operation: 'sample', input: long, options: { size: 10, method: 'random', seed: 7 } };
      const lines = (await text(random)).trimEnd().split('\n').slice(1).map(Number);
      expect(lines).toHaveLength(10);
      expect(lines).toEqual([...lines].sort((a, b) => a - b));
      expect(lines).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(await text(random)).toBe(await text(random));
    });
  });

  describe('convert', () => {
    const MIXED =
      'id,name,ratio,ok,day,at,code\n1,Ada,1.5,true,2024-01-31,2024-01-31T10:00:00Z,007\n-2,"=cmd|\'x\'!A1",-2,false,,2024-02-01T00:00:00Z,008\n';

    it('to JSON with numbers, booleans and nulls, and text that only looks like a number', async () => {
      expect(await result({ operation: 'convert', input: MIXED, options: { format: 'json' } })).toEqual([
        {
          id: 1,
          name: 'Ada',
          ratio: 1.5,
          ok: true,
          day: '2024-01-31',
          at: '2024-01-31T10:00:00Z',
          code: '007',
        },
        {
          id: -2,
          name: "=cmd|'x'!A1",
          ratio: -2,
          ok: false,
          day: null,
          at: '2024-02-01T00:00:00Z',
          code: '008',
        },
      ]);
      expect(
        await result({ operation: 'convert', input: 'a\n9007199254740993\nNaN\n1e999\n', format: 'json' }),
      ).toEqual([{ a: '9007199254740993' }, { a: 'NaN' }, { a: '1e999' }]);
    });

    it('to lines of JSON and to TSV', async () => {
      expect(
        await text({ operation: 'convert', input: 'a,b\n1,x\n', options: { format: 'JSONLines' } }),
      ).toBe('{"a":1,"b":"x"}\n');
      expect(await text({ operation: 'convert', input: 'a,b\n1,x\n', options: { format: 'tsv' } })).toBe(
        'a\tb\n1\tx\n',
      );
    });

    it.each<[string, string]>([
      ['=1+1', "'=1+1"],
      ['+1+1', "'+1+1"],
      ['-1+1', "'-1+1"],
      ['@SUM(A1)', "'@SUM(A1)"],
      ['\t=1', "'\t=1"],
      ['\r=1', "'\r=1"],
      ['-5', '-5'],
      ['+5.5e3', '+5.5e3'],
      ['a=1', 'a=1'],
    ])('escapes %j for spreadsheets', async (cell, expected) => {
      const rows = [{ a: cell }];
      expect(await result({ operation: 'write', input: rows })).toBe(
        `a\n${expected.includes('\r') ? `"${expected}"` : expected}\n`,
      );
      const plain = await result({ operation: 'write', input: rows, options: { escape_formulas: false } });
      expect(plain).toBe(`a\n${cell.includes('\r') ? `"${cell}"` : cell}\n`);
    });

    it('to Parquet that another reader reads', async () => {
      const { parquetReadObjects, parquetMetadata } = await import('hyparquet');
      const { data, encoding } = await result({
        operation: 'convert',
        input: MIXED,
        options: { format: 'parquet' },
      });
      expect(encoding).toBe('base64');
      const bytes = Uint8Array.from(Buffer.from(data as string, 'base64'));
      expect(
        parquetMetadata(bytes.buffer)
          .schema.slice(1)
          .map(({ type }) => type),
      ).toEqual(['INT64', 'BYTE_ARRAY', 'DOUBLE', 'BOOLEAN', 'INT32', 'INT64', 'BYTE_ARRAY']);
      expect(await parquetReadObjects({ file: bytes.buffer })).toEqual([
        {
          id: 1n,
          name: 'Ada',
          ratio: 1.5,
          ok: true,
          day: new Date('2024-01-31'),
          at: new Date('2024-01-31T10:00:00Z'),
          code: '007',
        },
        {
          id: -2n,
          name: "=cmd|'x'!A1",
          ratio: -2,
          ok: false,
          day: null,
          at: new Date('2024-02-01'),
          code: '008',
        },
      ]);
    });

    it('to many row groups of Parquet, filtered on the way', async () => {
      const { parquetReadObjects } = await import('hyparquet');
      const rows = Array.from({ length: 30_000 }, (_, index) => `${index},v${index % 7}`).join('\n');
      const path = join(dir, 'many.parquet');
      await result({ operation: 'filter', input: `n,v\n${rows}\n`, filter: 'n >= 100', output_path: path });
      const read = await parquetReadObjects({ file: Uint8Array.from(await readFile(path)).buffer });
      expect(read).toHaveLength(29_900);
      expect(read[0]).toEqual({ n: 100n, v: 'v2' });
      expect(read.at(-1)).toEqual({ n: 29_999n, v: 'v4' });
    });

    it('to Excel that another reader reads, formulas escaped', async () => {
      const { readSheet } = await import('read-excel-file/node');
      const path = join(dir, 'mixed.xlsx');
      await result({ operation: 'convert', input: MIXED, output_path: path });
      expect(await readSheet(path)).toEqual([
        ['id', 'name', 'ratio', 'ok', 'day', 'at', 'code'],
        [1, 'Ada', 1.5, true, new Date('2024-01-31'), '2024-01-31T10:00:00Z', '007'],
        [-2, "'=cmd|'x'!A1", -2, false, null, '2024-02-01T00:00:00Z', '008'],
      ]);
      execFileSync('unzip', ['-tq', path]);
      const sheet = execFileSync('unzip', ['-p', path, 'xl/worksheets/sheet1.xml']);
      execFileSync('xmllint', ['--noout', '-'], { input: sheet });
    });

    it('needs a format and refuses one that does not exist', async () => {
      await expect(call({ operation: 'convert', input: 'a\n1\n' })).rejects.toMatchObject({
        code: 'input.invalid',
      });
      await expect(
        call({ operation: 'convert', input: 'a\n1\n', options: { format: 'docx' } }),
      ).rejects.toThrow('Unknown format');
    });

    it('keeps the delimiter of the input unless told otherwise', async () => {
      expect(await text({ operation: 'filter', input: 'a;b\n1;2\n', filter: 'a == 1' })).toBe('a;b\n1;2\n');
      expect(await text({ operation: 'filter', input: 'a;b\n1;2\n', filter: 'a == 1', format: 'csv' })).toBe(
        'a,b\n1,2\n',
      );
    });
  });

  it('parses to rows and says when there are more', async () => {
    expect(
      await result({ operation: 'parse', input: 'a,b\n1,x\n2,\n', options: { limit: 1 } }),
    ).toMatchObject({
      headers: ['a', 'b'],
      rows: [{ a: 1, b: 'x' }],
      truncated: true,
    });
  });

  it('cuts a result that is too long and says so', async () => {
    const answer = await call({
      operation: 'filter',
      input: `a\n${'x'.repeat(60)}\n`.repeat(100_000),
      filter: 'a != y',
    });
    expect((answer.result as unknown as string).length).toBeLessThanOrEqual(4_000_000);
    expect(answer.metadata).toMatchObject({ truncated: true });
  });

  it('honours the limit on size and the grants', async () => {
    const path = await file('small.csv', 'a,b\n1,2\n');
    const host = { config: { data: { max_csv_size: 4 } } } as never;
    await expect(callTool(csvAnalyzer, { path }, { host })).rejects.toMatchObject({ code: 'tool.failed' });
    await expect(callTool(csvAnalyzer, { input: 'a,b\n1,2' }, { host })).rejects.toMatchObject({
      code: 'input.invalid',
    });
    const permissions = createPermissions({ ...noGrants(), read: [dir] }, { cwd: dir });
    await expect(callTool(csvAnalyzer, { path: '/etc/passwd' }, { permissions })).rejects.toMatchObject({
      code: 'permission.read',
    });
    const write = { operation: 'write', path, output_path: join(dir, 'out.csv') };
    await expect(callTool(csvAnalyzer, write, { permissions })).rejects.toMatchObject({
      code: 'permission.write',
    });
    await expect(call({ input: 'a', path })).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(call({})).rejects.toMatchObject({ code: 'input.invalid' });
  });

  describe('on a large file', () => {
    let large: string;
    beforeAll(async () => {
      large = join(dir, 'large.csv');
      const out = createWriteStream(large);
      const block = Array.from(
        { length: 2000 },
        (_, index) => `${index},name ${index},${index / 7},2024-01-01\n`,
      ).join('');
      out.write('id,name,ratio,day\n');
      for (let index = 0; index < 400; index++) if (!out.write(block)) await once(out, 'drain');
      await new Promise((resolve) => out.end(resolve));
    });

    it('reports progress and holds little of it', async () => {
      const { context, events } = testContext();
      const before = process.memoryUsage().heapUsed;
      const answer = await invoke(toolComponent(csvAnalyzer), { path: large }, context);
      expect(answer.result).toMatchObject({ row_count: 800_000, file_size_bytes: (await stat(large)).size });
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(150e6);
      const fractions = events.flatMap((event) => ('fraction' in event ? [event.fraction as number] : []));
      expect(fractions.length).toBeGreaterThan(2);
      expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
      expect(fractions.at(-1)).toBe(1);
    }, 60_000);

    it('stops at once and leaves no file behind', async () => {
      const controller = new AbortController();
      const { context } = testContext({ signal: controller.signal });
      const output = join(dir, 'stopped', 'out.xlsx');
      const running = invoke(
        toolComponent(csvAnalyzer),
        { operation: 'write', path: large, output_path: output },
        context,
      );
      setTimeout(() => controller.abort(), 150);
      await expect(running).rejects.toMatchObject({ code: 'component.cancelled' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(existsSync(output)).toBe(false);
      expect(await readdir(join(dir, 'stopped'))).toEqual([]);
    }, 60_000);
  });
});

it.skipIf(process.platform !== 'linux')('closes a file whose encoding nobody knows', async () => {
  const path = join(dir, 'unknown.csv');
  await writeFile(path, 'a,b\n1,2\n');
  const options = { encoding: 'klingon-8' };
  await expect(call({ operation: 'analyze', path, options })).rejects.toMatchObject({
    code: 'input.invalid',
  });
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  );
  expect(links.filter((link) => link.includes('unknown.csv'))).toEqual([]);
});
