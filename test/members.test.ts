import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiOf } from '../scripts/generate/api.js';
import { readSources } from '../scripts/generate/sources.js';
import type * as Library from '../src/index.js';
import { ARTIFACT_CASES } from './members/artifact.js';
import type { MemberCase } from './members/case.js';
import { EVENT_CASES } from './members/event.js';
import { HOOK_CASES } from './members/hook.js';
import { REPLAY_CASES } from './members/replay.js';
import { SESSION_CASES } from './members/session.js';
import { STATE_CASES } from './members/state.js';
import { STATE_UPKEEP_CASES } from './members/state-upkeep.js';

const { Kernel, createPermissions, loadConfig } = createRequire(import.meta.url)(
  '../dist/index.cjs',
) as typeof Library;

/** The cases of each global. */
const CASES: Readonly<Record<string, readonly MemberCase[]>> = {
  Artifact: ARTIFACT_CASES,
  Event: EVENT_CASES,
  Hook: HOOK_CASES,
  Session: SESSION_CASES,
  State: [...STATE_CASES, ...STATE_UPKEEP_CASES],
  Replay: REPLAY_CASES,
};

const { globals } = await readSources(resolve(import.meta.dirname, '..'));
const api = apiOf(globals.map(({ definition }) => definition));

let home: string;
let kernel: Library.Kernel;
let tenant = 0;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'llmspell-'));
  const env = { LLMSPELL_HOME: home };
  const config = await loadConfig({ cwd: home, home, env });
  const grants = { read: [home], write: [home], net: [], run: [], env: [], db: [] };
  const permissions = createPermissions(grants, { cwd: home });
  kernel = new Kernel({ config, permissions, cwd: home, environment: env });
});

afterAll(async () => {
  await kernel.shutdown();
  rmSync(home, { recursive: true, force: true });
});

/** What a spell prints in a place where nothing is kept yet. */
async function printed(language: 'lua' | 'javascript', code: string): Promise<string[]> {
  const session = kernel.createSession({ tenant: `tenant-${++tenant}` });
  let text = '';
  const { error } = await session.execute({
    language,
    source: { code, name: 'case', directory: home },
    onMessage: (message) => {
      if (message.type === 'stream') text += message.text;
    },
  });
  await session.close();
  expect(error).toBeUndefined();
  return text.trimEnd().replaceAll('\t', ' ').split('\n');
}

describe.each(Object.entries(CASES))('%s', (name, cases) => {
  test('has a case for every member', () => {
    const members = api.find((global) => global.name === name)!.functions.map((fn) => `${name}.${fn.name}`);
    const known = new Set(cases.map(({ member }) => member));
    expect(members.filter((member) => !known.has(member))).toEqual([]);
  });

  test.each(cases)('$member in Lua', async ({ lua, prints }) => {
    expect(await printed('lua', lua)).toEqual(prints);
  });

  test.each(cases)('$member in JavaScript', async ({ javascript, prints }) => {
    expect(await printed('javascript', javascript)).toEqual(prints);
  });
});
