import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { invoke } from '../src/core/invoke.js';
import { testContext } from '../src/core/testing.js';
import { noGrants } from '../src/security/grants.js';
import { createPermissions } from '../src/security/permissions.js';
import { toolComponent } from '../src/tools/component.js';
import { defineTool } from '../src/tools/define.js';
import fileOperations from '../src/tools/filesystem/file-operations.js';
import { alternate, compared, type Figure, timed } from './measure.js';

const BIN = fileURLToPath(new URL('../dist/bin.cjs', import.meta.url));
const CSV_BYTES = 200_000_000;
const ENTRIES = 10_000;

/** What tools cost beside what they do. */
export async function tools(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llmspell-bench-'));
  try {
    return [
      await invokeOverhead(),
      await fileReads(folder),
      ...(await largeCsv(folder)),
      ...archives(folder),
      await coldList(),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const idle = defineTool({
  name: 'idle',
  category: 'utility',
  level: 'safe',
  description: 'Does nothing.',
  capabilities: [],
  input: z.object({}),
  samples: [],
  run: async () => ({ result: null }),
});

/** Microseconds of one `invoke` of a tool that does nothing, against checking its input and running it bare. */
async function invokeOverhead(): Promise<Figure> {
  const { context } = testContext({ permissions: createPermissions(noGrants(), { cwd: '/' }) });
  const component = toolComponent(idle);
  const bare = async () => component.run(component.input.parse({}), context);
  const calls = 20_000;
  const [own, floor] = await alternate(5, [
    async () => {
      for (let at = 0; at < calls; at++) await invoke(component, {}, context);
    },
    async () => {
      for (let at = 0; at < calls; at++) await bare();
    },
  ]);
  const micro = (ms: number) => (ms / calls) * 1000;
  return compared(
    'invoke of a tool that does nothing',
    'µs',
    micro(own!),
    { name: 'the tool bare', value: micro(floor!) },
    20,
  );
}

/** 1 000 files of 1 KB, read one after another. */
async function fileReads(folder: string): Promise<Figure> {
  const names = Array.from({ length: 1000 }, (_, at) => join(folder, `${at}.txt`));
  for (const name of names) writeFileSync(name, 'x'.repeat(1000));
  const permissions = createPermissions({ ...noGrants(), read: [folder] }, { cwd: folder });
  const { context } = testContext({ permissions });
  const component = toolComponent(fileOperations);
  const [own, floor] = await alternate(5, [
    async () => {
      for (const path of names) await invoke(component, { operation: 'read', path }, context);
    },
    async () => {
      for (const path of names) await readFile(path, 'utf8');
    },
  ]);
  return compared('1 000 file reads', 'ms', own!, { name: 'fs.readFile', value: floor! }, 10);
}

/** Time and memory of analysing a CSV of 200 MB, against a program that only reads its records. */
async function largeCsv(folder: string): Promise<Figure[]> {
  const path = join(folder, 'large.csv');
  await writeCsv(path);
  const parser = createRequire(import.meta.url).resolve('csv-parse');
  const reader = `const { parse } = require(${JSON.stringify(parser)});
    let rows = 0;
    require('node:fs').createReadStream(${JSON.stringify(path)}).pipe(parse())
      .on('data', () => rows++)
      .on('end', () => console.log(JSON.stringify({ rows, rss: process.resourceUsage().maxRSS })));`;
  const own = await measured(
    [
      BIN,
      'tool',
      'invoke',
      'csv-analyzer',
      '--allow-read',
      '--output',
      'json',
      '--timeout',
      '600',
      '--params',
      JSON.stringify({ operation: 'analyze', path }),
    ],
    folder,
  );
  const plain = await measured(['-e', reader], folder);
  return [
    compared(
      'analysing a CSV of 200 MB',
      's',
      own.seconds,
      { name: 'csv-parse reading it', value: plain.seconds },
      2,
    ),
    compared(
      'peak memory meanwhile',
      'MB',
      own.megabytes,
      { name: 'csv-parse reading it', value: plain.megabytes },
      2,
    ),
  ];
}

async function writeCsv(path: string): Promise<void> {
  const out = createWriteStream(path);
  out.write('id,name,price,date,active\n');
  let size = 0;
  for (let id = 0; size < CSV_BYTES; ) {
    let chunk = '';
    for (let row = 0; row < 5000; row++, id++)
      chunk += `${id},"Item ${id % 977}, large",${((id * 7919) % 100_000) / 100},2024-0${(id % 9) + 1}-15,${id % 2 === 0}\n`;
    size += chunk.length;
    if (!out.write(chunk)) await new Promise((resolve) => out.once('drain', () => resolve(undefined)));
  }
  out.end();
  await finished(out);
}

/** Seconds and peak resident megabytes of a run of Node, which tells the latter itself when it ends. */
async function measured(args: string[], folder: string): Promise<{ seconds: number; megabytes: number }> {
  const report = join(folder, 'report.cjs');
  writeFileSync(report, "process.on('exit', () => console.error(process.resourceUsage().maxRSS));");
  let stderr = '';
  const ms = await timed(() => {
    ({ stderr } = spawnSync(process.execPath, ['-r', report, ...args], { encoding: 'utf8', maxBuffer: 1e9 }));
  });
  return { seconds: ms / 1000, megabytes: Number(stderr.trim().split('\n').at(-1)) / 1000 };
}

/** Extracting and making an archive of 10 000 entries, against `unzip` and `zip`. */
function archives(folder: string): Figure[] {
  const source = join(folder, 'entries');
  spawnSync('mkdir', ['-p', source]);
  for (let at = 0; at < ENTRIES; at++) writeFileSync(join(source, `${at}.txt`), `entry ${at}\n`.repeat(10));
  const zipped = seconds('zip', ['-q', '-r', join(folder, 'peer.zip'), 'entries'], folder);
  const unzipped = seconds('unzip', ['-q', join(folder, 'peer.zip'), '-d', join(folder, 'peer')], folder);
  const tool = (input: object) =>
    seconds(
      process.execPath,
      [
        BIN,
        'tool',
        'invoke',
        'archive-handler',
        '--output',
        'json',
        '--timeout',
        '600',
        '--allow-read',
        '--allow-write',
        '--params',
        JSON.stringify(input),
      ],
      folder,
    );
  const extract = tool({
    operation: 'extract',
    path: join(folder, 'peer.zip'),
    target_path: join(folder, 'own'),
  });
  const create = tool({ operation: 'create', path: join(folder, 'own.zip'), input: [source] });
  return [
    compared('extracting 10 000 entries', 's', extract, { name: 'unzip', value: unzipped }, 10),
    compared('archiving 10 000 files', 's', create, { name: 'zip', value: zipped }, 10),
  ];
}

function seconds(program: string, args: string[], cwd: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

/** `llmspell tool list` as a whole process. */
async function coldList(): Promise<Figure> {
  const [own, floor] = await alternate(15, [
    () => spawnSync(process.execPath, [BIN, 'tool', 'list']),
    () => spawnSync(process.execPath, ['-e', '0']),
  ]);
  return compared('cold `tool list`', 'ms', own!, { name: '`node -e 0`', value: floor! }, 2.5);
}
