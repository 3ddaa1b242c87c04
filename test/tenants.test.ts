import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiOf } from '../scripts/generate/api.js';
import { readSources } from '../scripts/generate/sources.js';
import type * as Library from '../src/index.js';
import { INVENTORY, PROBES, SETUP } from './tenants/probes.js';

const { Kernel, createPermissions, loadConfig } = createRequire(import.meta.url)(
  '../dist/index.cjs',
) as typeof Library;

/** Globals through which a script reaches what is kept. */
const KEEPERS = ['State', 'Session', 'Artifact', 'Event', 'Hook', 'Replay', 'Metrics'];
const { globals } = await readSources(resolve(import.meta.dirname, '..'));
const members = apiOf(globals.map(({ definition }) => definition))
  .filter(({ name }) => KEEPERS.includes(name))
  .flatMap(({ name, functions }) => functions.map((fn) => `${name}.${fn.name}`));

let home: string;
let kernel: Library.Kernel;
let owner: Library.Session;
let ids: Record<string, string>;
let before: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'llmspell-'));
  const env = { LLMSPELL_HOME: home };
  const config = await loadConfig({ cwd: home, home, env });
  const grants = { read: [home], write: [home], net: [], run: [], env: [], db: [] };
  kernel = new Kernel({
    config,
    permissions: createPermissions(grants, { cwd: home }),
    cwd: home,
    environment: env,
  });
  owner = kernel.createSession({ tenant: 'alpha' });
  const setup = await run(owner, SETUP);
  ids = { ...(setup.value as Record<string, string>), run: setup.run };
  before = await inventory();
});

afterAll(async () => {
  await kernel.shutdown();
  rmSync(home, { recursive: true, force: true });
});

async function run(session: Library.Session, code: string): Promise<Library.Outcome> {
  const source = { code, name: 'probe.js', directory: home, interactive: true };
  const outcome = await session.execute({ language: 'javascript', source });
  expect(outcome.error).toBeUndefined();
  return outcome;
}

const inventory = async () => (await run(owner, INVENTORY)).value as string;

/** What the probe gives or fails with, without the ids and moments that differ each time. */
async function answer(session: Library.Session, probe: string, guessed: Record<string, string>) {
  const expression = Object.entries(guessed).reduce(
    (text, [name, id]) => text.replaceAll(`$${name}`, id),
    probe,
  );
  const code = `(() => { try { return JSON.stringify({ value: ${expression} }); } catch (e) { return JSON.stringify({ code: e.code, message: e.message }); } })()`;
  const text = (await run(session, code)).value as string;
  return Object.entries(guessed)
    .reduce((known, [name, id]) => known.replaceAll(id, `$${name}`), text)
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replace(/run_[0-9a-z]{26}/g, 'RUN')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\d{13,}(\.\d+)?/g, 'MOMENT');
}

/** Ids of the same shape that belong to nobody. */
function nobodys(known: Record<string, string>): Record<string, string> {
  const other = (id: string) => id.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10));
  return Object.fromEntries(Object.entries(known).map(([name, id]) => [name, other(id)]));
}

test('every member that reaches what is kept is tried', () => {
  expect(Object.keys(PROBES).sort()).toEqual([...members].sort());
});

test('the owner itself is told', async () => {
  for (const name of [
    'State.load',
    'State.agent_get',
    'Event.history',
    'Hook.list',
    'Session.get',
    'Artifact.get',
  ])
    expect(await answer(owner, PROBES[name]!, ids), name).toContain('canary');
});

describe('what another tenant keeps', () => {
  let outsider: Library.Session;
  let stranger: Library.Session;
  beforeAll(() => {
    outsider = kernel.createSession({ tenant: 'beta' });
    stranger = kernel.createSession({ tenant: 'gamma' });
  });

  test.each(Object.entries(PROBES))('%s tells and changes nothing', async (_, probe) => {
    const answers = [await answer(outsider, probe, ids), await answer(stranger, probe, nobodys(ids))];
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0], 'the probe itself is wrong').not.toMatch(/input\.invalid|script\.error/);
    expect(answers[0]!.replaceAll("'canary'", '')).not.toContain('canary');
    expect(await inventory()).toBe(before);
  });
});
