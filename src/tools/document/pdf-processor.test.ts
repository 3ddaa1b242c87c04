import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../core/testing.js';
import { noGrants } from '../../security/grants.js';
import { createPermissions } from '../../security/permissions.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import { ghostscript, has, picture, textLines } from './pdf/make-pdf.case.js';
import { tinyPdf } from './pdf/tiny-pdf.js';
import pdfProcessor from './pdf-processor.js';

const PROSE = [
  'The Analytical Engine has no pretensions whatever',
  'to originate anything. It can do whatever we know',
  'how to order it to perform. It can follow analysis;',
  'but it has no power of anticipating any analytical',
  'relations or truths. Its province is to assist us in',
  'making available what we are already acquainted with.',
];

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'llmspell-pdf-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const call = (input: Record<string, unknown>, options: Parameters<typeof callTool>[2] = {}) =>
  callTool(pdfProcessor, input, options);
const resultOf = async (...args: Parameters<typeof call>) => (await call(...args)).result as unknown as Found;
interface Found {
  text: string;
  pages: { page: number; text: string }[];
  images: { file: string | null; position: object }[];
  matches: { text: string }[];
  problems?: { message: string }[];
}

describe('pdf-processor', () => {
  itRunsItsSamples(pdfProcessor);

  it('reads pages that are written as lists, ranges or by their ends', async () => {
    const path = join(dir, 'five.pdf');
    writeFileSync(path, tinyPdf([1, 2, 3, 4, 5].map((n) => [[72, 720, `This is page ${n}`]])));
    const pagesOf = async (input: object) =>
      (await resultOf({ operation: 'extract_pages', input: path, ...input })).pages.map(
        ({ page }: { page: number }) => page,
      );
    expect(await pagesOf({ pages: '1-2,5' })).toEqual([1, 2, 5]);
    expect(await pagesOf({ pages: '4-' })).toEqual([4, 5]);
    expect(await pagesOf({ pages: [3, 1] })).toEqual([3, 1]);
    expect(await pagesOf({ page: 2 })).toEqual([2]);
    expect(await pagesOf({ start_page: 2, end_page: 3 })).toEqual([2, 3]);
    expect(await pagesOf({ end_page: 99 })).toEqual([1, 2, 3, 4, 5]);
    await expect(pagesOf({ pages: '6' })).rejects.toMatchObject({
      code: 'input.invalid',
      message: 'Page 6 does not exist: the document has 5 pages',
    });
    await expect(pagesOf({ pages: '3-1' })).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('honours the limits of the configuration and of the call', async () => {
    const path = join(dir, 'limits.pdf');
    writeFileSync(path, tinyPdf([1, 2, 3].map((n) => [[72, 720, `This is page ${n}`]])));
    const few = await resultOf({ input: path }, { host: { config: { document: { max_pages: 2 } } } });
    expect(few).toMatchObject({ page_count: 3, truncated: true, pages: [{ page: 1 }, { page: 2 }] });
    const short = await resultOf({ input: path, max_chars: 20 });
    expect(short).toMatchObject({ truncated: true, text: 'This is page 1\n\nThis i\n[… truncated]' });
    const small = call({ input: path }, { host: { config: { document: { max_pdf_size: 100 } } } });
    await expect(small).rejects.toMatchObject({
      code: 'tool.failed',
      message: expect.stringContaining('too large'),
    });
    const also = { extract_metadata: true, extract_images: true };
    const more = await resultOf({ input: path }, { host: { config: { document: also } } });
    expect(more).toMatchObject({ metadata: { title: 'Tiny' }, images: [] });
  });

  it.skipIf(!has('gs'))('reads columns one after the other, below a title across both', async () => {
    const path = ghostscript(
      join(dir, 'columns.pdf'),
      [
        textLines(150, 740, ['A Title Across Both of the Columns'], 18),
        textLines(
          72,
          700,
          PROSE.map((line) => line.toLowerCase()),
        ),
        textLines(320, 704, PROSE),
        textLines(290, 80, ['- 1 -']),
        'showpage',
      ].join('\n'),
    );
    const { text } = await resultOf({ input: path });
    const body = `${PROSE.join('\n').toLowerCase()}\n\n${PROSE.join('\n')}`;
    expect(text).toContain(`A Title Across Both of the Columns\n\n${body}\n\n`);
    const physical = await resultOf({ input: path, layout: 'physical' });
    expect(physical.text).toMatch(/pretensions whatever {5,}The Analytical Engine/);
    const found = await resultOf({ operation: 'search', input: path, query: 'WHATEVER to originate' });
    expect(found).toMatchObject({ count: 2, pages: [1] });
  });

  it.skipIf(!has('gs') || !has('pdftotext'))('gives the words that pdftotext gives', async () => {
    const script = [1, 2, 3].map(
      (n) =>
        `${textLines(
          72,
          700,
          PROSE.map((line) => `${n} ${line}`),
        )} showpage\n`,
    );
    const path = ghostscript(join(dir, 'words.pdf'), script.join(''));
    const reference = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
    const { text } = await resultOf({ input: path });
    expect(text.split(/\s+/)).toEqual(reference.trim().split(/\s+/));
  });

  it.skipIf(!has('gs'))('keeps accents, ligatures, turned pages and turned text', async () => {
    const path = ghostscript(
      join(dir, 'odd.pdf'),
      `/Helvetica findfont dup length dict begin {1 index /FID ne {def} {pop pop} ifelse} forall
/Encoding ISOLatin1Encoding def currentdict end /Latin exch definefont pop
/Latin findfont 12 scalefont setfont
72 700 moveto (Caf\\351 \\374ber stra\\337e) show
gsave 40 400 translate 90 rotate 0 0 moveto (Turned sideways) show grestore
72 680 moveto (Second line) show showpage
<< /Orientation 1 >> setpagedevice
/Latin findfont 12 scalefont setfont 72 300 moveto (On a landscape page) show showpage`,
    );
    const { pages } = await resultOf({ operation: 'extract_pages', input: path });
    expect(pages[0]!.text).toBe('Café über straße\nSecond line\n\nTurned sideways');
    expect(pages[1]!.text).toBe('On a landscape page');
  });

  it.skipIf(!has('gs'))('tells metadata, outline and sizes as other programs wrote them', async () => {
    const path = ghostscript(
      join(dir, 'meta.pdf'),
      `[ /Title (Notes \\(first\\)) /Author (Ada) /Subject (Engines) /Keywords (a, b) /Creator (Pen)
 /CreationDate (D:20200131120000+02'00') /DOCINFO pdfmark
[ /Page 1 /Title (Start) /Count 1 /View [/Fit] /OUT pdfmark
[ /Page 2 /Title (Details) /View [/Fit] /OUT pdfmark
<< /PageSize [595 842] >> setpagedevice showpage << /PageSize [842 595] >> setpagedevice showpage`,
    );
    expect(await resultOf({ operation: 'extract_metadata', input: path })).toMatchObject({
      title: 'Notes (first)',
      author: 'Ada',
      subject: 'Engines',
      keywords: 'a, b',
      creator: 'Pen',
      created: '2020-01-31T12:00:00+02:00',
      page_count: 2,
      pages: [
        { first: 1, last: 1, width: 595, height: 842, paper: 'A4' },
        { first: 2, last: 2, width: 842, height: 595, paper: 'A4' },
      ],
      outline: [
        { title: 'Start', level: 1, page: 1 },
        { title: 'Details', level: 2, page: 2 },
      ],
      encrypted: false,
      permissions: null,
      file_name: 'meta.pdf',
      file_extension: 'pdf',
    });
  });

  it.skipIf(!has('qpdf')).each(['40', '128', '256'])(
    'opens files that are protected with %s bits',
    async (bits) => {
      const [plain, path] = [join(dir, 'plain.pdf'), join(dir, `protected-${bits}.pdf`)];
      writeFileSync(plain, tinyPdf([[[72, 720, 'A secret']]]));
      const weak = bits === '256' ? [] : ['--allow-weak-crypto'];
      execFileSync('qpdf', [...weak, '--encrypt', 'open-sesame', 'owner', bits, '--', plain, path]);
      await expect(call({ input: path })).rejects.toMatchObject({
        code: 'input.invalid',
        message: expect.stringContaining('password is missing'),
      });
      await expect(call({ input: path, password: 'wrong' })).rejects.toThrow('password is wrong');
      expect(await resultOf({ input: path, password: 'open-sesame' })).toMatchObject({ text: 'A secret' });
      const facts = await resultOf({ operation: 'extract_metadata', input: path, password: 'owner' });
      expect(facts).toMatchObject({ encrypted: true });
    },
  );

  it('never shows a password', async () => {
    const path = join(dir, 'masked.pdf');
    writeFileSync(path, tinyPdf([[[72, 720, 'x']]]));
    const { context } = testContext();
    await pdfProcessor.run(
      { ...pdfProcessor.input.parse({ input: path }), password: 'open-sesame' },
      context,
      {
        config: {},
      } as never,
    );
    expect(context.secrets.mask('the word is open-sesame')).not.toContain('open-sesame');
  });

  it.skipIf(!has('gs') || !has('pdfimages'))('writes images pixel by pixel, each one once', async () => {
    const hex = 'ff0000 00ff00 0000ff ffff00 00ffff 102030'.replaceAll(' ', '');
    const path = ghostscript(
      join(dir, 'images.pdf'),
      `${textLines(72, 700, PROSE)}${picture(3, 2, hex)}showpage\n${picture(3, 2, hex)}${picture(2, 1, 'abcdef123456', 300)}showpage`,
      [
        '-dPDFSETTINGS=/prepress',
        '-dAutoFilterColorImages=false',
        '-dColorImageFilter=/FlateEncode',
        '-dDownsampleColorImages=false',
      ],
    );
    const out = join(dir, 'out');
    const result = await resultOf({ operation: 'extract_images', input: path, output_dir: out });
    expect(result).toMatchObject({ count: 3, saved: 2, truncated: false });
    expect(result.images[0]).toMatchObject({
      page: 1,
      width: 3,
      height: 2,
      color: 'rgb',
      position: { x: 72 },
    });
    expect(result.images[0]!.position).toMatchObject({ width: 30, height: 20 });
    expect(result.images[1]!.file).toBe(result.images[0]!.file);
    const sharp = (await import('sharp')).default;
    const pixels = await sharp(result.images[0]!.file!).raw().toBuffer();
    expect(pixels.toString('hex')).toBe(hex);
    const listed = await resultOf({ operation: 'extract_images', input: path, pages: 2 });
    expect(listed.images.map(({ file }: { file: unknown }) => file)).toEqual([null, null]);
    const reference = execFileSync('pdfimages', ['-list', path], { encoding: 'utf8' });
    expect(reference.trim().split('\n').length - 2).toBe(3);
  });

  it('says that text is missing where it cannot be read', async () => {
    const path = join(dir, 'east.pdf');
    const font =
      '/Type0 /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light ' +
      '/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor << /Type /FontDescriptor ' +
      '/FontName /STSong-Light /Flags 6 >> >>] /BaseFont /STSong-Light';
    const pdf = tinyPdf([[[72, 720, 'lI[W']]]).replace('/Type1 /BaseFont /Helvetica', font);
    writeFileSync(path, pdf);
    const { problems = [], text } = await resultOf({ input: path });
    const installed = text === '\u6c49\u5b57';
    expect(installed || problems[0]?.message.includes('npm install pdfjs-dist')).toBe(true);
  });

  it.skipIf(!has('gs'))('finds expressions, whole words and case', async () => {
    const path = ghostscript(join(dir, 'find.pdf'), `${textLines(72, 700, PROSE)} showpage`);
    const count = async (input: object) =>
      (await resultOf({ operation: 'search', input: path, ...input })).matches.map(
        ({ text }: { text: string }) => text,
      );
    expect(await count({ query: 'anal\\w+', regex: true })).toEqual(['Analytical', 'analysis', 'analytical']);
    expect(await count({ query: 'it', whole_word: true, case_sensitive: true })).toEqual(['it', 'it']);
    expect(await count({ query: 'an', max_results: 2 })).toHaveLength(2);
    expect(await count({ query: 'a.b (c)' })).toEqual([]);
    await expect(count({ query: '(', regex: true })).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(count({ query: ' ' })).rejects.toMatchObject({ code: 'input.invalid' });
  });
});

describe('pdf-processor with files that are broken or hostile', () => {
  const path = () => join(dir, 'broken.pdf');
  const whole = tinyPdf([[[72, 720, 'Still here']], [[72, 720, 'And here']]]);

  it('says so when a file is missing, empty, no PDF or a folder', async () => {
    await expect(call({ input: join(dir, 'nowhere.pdf') })).rejects.toThrow('not found');
    for (const content of ['', 'no pdf at all', '%PDF-1.4\n', `\0\xff${'x'.repeat(5000)}`]) {
      writeFileSync(path(), content, 'latin1');
      await expect(call({ input: path() })).rejects.toMatchObject({
        code: 'tool.failed',
        message: expect.stringContaining('extraction failed'),
      });
    }
    await expect(call({ input: dir })).rejects.toMatchObject({ code: 'tool.failed' });
  });

  it('reads what is left of a file that is cut off or has a wrong table', async () => {
    writeFileSync(path(), whole.slice(0, whole.indexOf('xref')));
    expect(await resultOf({ input: path() })).toMatchObject({ text: 'Still here\n\nAnd here' });
    writeFileSync(path(), whole.replace(/startxref\n\d+/, 'startxref\n7'));
    expect(await resultOf({ input: path() })).toMatchObject({ text: 'Still here\n\nAnd here' });
  });

  it('answers for every place at which a file could be cut off', async () => {
    for (let at = 50; at < whole.length; at += 331) {
      writeFileSync(path(), whole.slice(0, at));
      await call({ input: path() }).catch((error: unknown) =>
        expect(error).toMatchObject({ code: expect.stringMatching(/^(tool\.failed|input\.invalid)$/) }),
      );
    }
  });

  it('survives page trees in a circle and streams that refer to themselves', async () => {
    writeFileSync(path(), whole.replace('/Kids [5 0 R 7 0 R]', '/Kids [2 0 R 2 0 R]'));
    await call({ input: path() }).catch((error: unknown) =>
      expect(error).toMatchObject({
        code: expect.stringMatching(/tool\.failed|input\.invalid|component\.timeout/),
      }),
    );
    writeFileSync(path(), whole.replace(/<< \/Length \d+ >>/, '<< /Length 6 0 R >>'));
    await call({ input: path() }).catch((error: unknown) =>
      expect(error).toMatchObject({ code: 'tool.failed' }),
    );
  });

  it('ends with an error where a stream unpacks to more than memory', async () => {
    const { deflateSync } = await import('node:zlib');
    const zeros = deflateSync(Buffer.alloc(64_000_000));
    const bomb = deflateSync(Buffer.concat(Array.from({ length: 40 }, () => zeros)));
    const filters = '/Filter [/FlateDecode /FlateDecode]';
    const head = whole.slice(0, whole.indexOf('stream\n')).replace(/<< \/Length \d+ >>\s*$/, '');
    const body = Buffer.concat([
      Buffer.from(`${head}<< ${filters} /Length ${bomb.length} >>\nstream\n`),
      bomb,
      Buffer.from('\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n'),
    ]);
    writeFileSync(path(), body);
    const before = process.memoryUsage().rss;
    await call({ input: path() }).catch((error: unknown) =>
      expect(error).toMatchObject({
        code: expect.stringMatching(/limit\.memory|component\.timeout|tool\.failed/),
      }),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  }, 90_000);

  it('touches nothing without a grant', async () => {
    writeFileSync(path(), whole);
    const permissions = createPermissions({ ...noGrants(), read: [dir] }, { cwd: dir });
    await expect(call({ input: '/etc/hostname' }, { permissions })).rejects.toMatchObject({
      code: 'permission.read',
    });
    const none = createPermissions(noGrants(), { cwd: dir });
    await expect(call({ input: path() }, { permissions: none })).rejects.toMatchObject({
      code: 'permission.read',
    });
  });

  it.skipIf(!has('gs'))('writes images only where writing is granted', async () => {
    const source = ghostscript(join(dir, 'one.pdf'), `${picture(2, 1, 'abcdef123456')}showpage`);
    const permissions = createPermissions({ ...noGrants(), read: [dir] }, { cwd: dir });
    const out = join(dir, 'refused');
    const refused = call({ operation: 'extract_images', input: source, output_dir: out }, { permissions });
    await expect(refused).rejects.toMatchObject({ code: 'permission.write' });
    expect(readdirSync(dir)).not.toContain('refused');
  });

  it('ends the process when the call is cancelled', async () => {
    writeFileSync(path(), tinyPdf(Array.from({ length: 900 }, () => [[72, 720, 'Busy']])));
    const controller = new AbortController();
    const running = call({ input: path() }, { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(children()).toHaveLength(1);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'component.cancelled' });
    await expect.poll(children, { interval: 10 }).toHaveLength(0);
  });
});

/** The processes with the engine that this one has started. */
function children(): string[] {
  const { pid } = process;
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean);
  return list.filter((child) => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('pdfjs');
    } catch {
      return false;
    }
  });
}
