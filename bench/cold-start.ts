import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate, compared, type Figure } from './measure.js';

const bin = fileURLToPath(new URL('../dist/bin.cjs', import.meta.url));

/** Whole processes: a spell against an empty Node. */
export async function coldStart(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llmspell-bench-'));
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const node = (...args: string[]) =>
    spawnSync(process.execPath, args, { env: { ...env, LLMSPELL_HOME: folder }, stdio: 'ignore' });
  const hello = join(folder, 'hello.lua');
  const work = join(folder, 'work.lua');
  writeFileSync(hello, 'print("hello")\n');
  writeFileSync(work, 'print(Tool.execute("calculator", { input = "1 + 1" }).text)\nState.set("n", 1)\n');
  const [empty, withHello, withWork] = await alternate(25, [
    () => node('-e', '0'),
    () => node(bin, 'run', hello),
    () => node(bin, 'run', work),
  ]);
  rmSync(folder, { recursive: true });
  const floor = { name: 'node -e 0', value: empty! };
  return [
    compared('cold run of hello.lua', 'ms', withHello!, floor, 2.5),
    compared('cold run with one tool call and one state write', 'ms', withWork!, floor, 3),
  ];
}
