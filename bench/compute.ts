import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { alternate, compared, type Figure } from './measure.js';

const bin = fileURLToPath(new URL('../dist/bin.cjs', import.meta.url));
const script = fileURLToPath(new URL('compute.lua', import.meta.url));

/** Pure Lua over some seconds, start-up included on both sides. Needs `lua5.4`; says nothing without it. */
export async function compute(): Promise<Figure[]> {
  if (spawnSync('lua5.4', ['-v']).status !== 0) return [];
  const [native, ours] = await alternate(5, [
    () => spawnSync('lua5.4', [script], { stdio: 'ignore' }),
    () => spawnSync(process.execPath, [bin, 'run', script], { stdio: 'ignore' }),
  ]);
  return [compared('pure Lua compute', 'ms', ours!, { name: 'lua5.4', value: native! }, 1.6)];
}
