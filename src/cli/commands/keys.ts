import { systemEffects } from '../../core/effects.js';
import { fail } from '../../core/errors.js';
import { EXIT } from '../../core/exit-codes.js';
import { DataStore } from '../../kernel/data-store.js';
import { openKeyFile } from '../../kernel/stored-keys.js';
import type { ProviderTable } from '../../providers/settings.js';
import { defineCommand, type Invocation } from '../command.js';
import { secretInput } from '../keys/secret-input.js';
import { alignColumns } from '../render/columns.js';
import { printResult } from '../render/print.js';
import { clockTime } from '../runs/figures.js';
import { loadSettings } from '../setup.js';

const PROVIDER = { name: 'PROVIDER', doc: 'The name of a provider, or its type, e.g. openai' };

const set = defineCommand({
  name: 'set',
  summary: 'Keep the key of a provider, read from standard input or asked for without being shown',
  args: [PROVIDER],
  examples: ['llmspell keys set openai', 'pass show openai | llmspell keys set openai'],
  run: async (invocation) => {
    const name = invocation.args.PROVIDER!;
    const { file } = await keyFile(invocation);
    const key = await secretInput(invocation.terminal, `Key for ${name}: `);
    await file.set(name, key, Date.now());
    printResult(invocation, { json: { name, stored: true }, text: () => `The key for ${name} is kept.` });
    return EXIT.ok;
  },
});

const list = defineCommand({
  name: 'list',
  summary: 'Show for which providers there are keys, never the keys',
  examples: ['llmspell keys list'],
  run: async (invocation) => {
    const keys = await (await keyFile(invocation)).file.list();
    const rows = keys.map(({ name, changedAt }) => [name, clockTime(changedAt)]);
    const text = () => (rows.length === 0 ? 'No key is kept.' : alignColumns([['PROVIDER', 'SET'], ...rows]));
    printResult(invocation, { json: keys, text });
    return EXIT.ok;
  },
});

const deleteCommand = defineCommand({
  name: 'delete',
  summary: 'Forget the key of a provider',
  args: [PROVIDER],
  examples: ['llmspell keys delete openai'],
  run: async (invocation) => {
    const name = invocation.args.PROVIDER!;
    await (await keyFile(invocation)).file.delete(name);
    printResult(invocation, {
      json: { name, deleted: true },
      text: () => `The key for ${name} is forgotten.`,
    });
    return EXIT.ok;
  },
});

const getSource = defineCommand({
  name: 'get-source',
  summary: 'Say where the key of a provider comes from, without showing it',
  args: [PROVIDER],
  examples: ['llmspell keys get-source openai'],
  run: async (invocation) => {
    const name = invocation.args.PROVIDER!;
    const source = await sourceOf(invocation, name);
    printResult(invocation, { json: { name, source }, text: () => source });
    return EXIT.ok;
  },
});

/** `llmspell keys`: the keys of providers. */
export default defineCommand({
  name: 'keys',
  summary: 'Keep the keys of providers, encrypted',
  description:
    'The file that holds them is locked with the key that also locks state: LLMSPELL_STATE_KEY, a key file or the keychain.',
  subcommands: [set, list, deleteCommand, getSource],
});

async function keyFile(invocation: Invocation) {
  const { config } = await loadSettings(invocation);
  const { cwd, env } = invocation.terminal;
  const { directory } = new DataStore(config, cwd, env, systemEffects());
  return { config, file: await openKeyFile(directory, { config, cwd, environment: env }) };
}

/** In the order in which the registry looks. */
async function sourceOf(invocation: Invocation, name: string): Promise<string> {
  const { config, file } = await keyFile(invocation);
  const { env } = invocation.terminal;
  const { keyPlace } = await import('../../providers/settings.js');
  const { PROVIDER_DEFINITIONS } = await import('../../providers/index.generated.js');
  const section = config.providers as Record<string, unknown>;
  const table = ((Object.hasOwn(section, name) ? section[name] : undefined) ?? {}) as ProviderTable;
  const { provider_type: type = name } = table;
  const load = Object.hasOwn(PROVIDER_DEFINITIONS, type)
    ? PROVIDER_DEFINITIONS[type as keyof typeof PROVIDER_DEFINITIONS]
    : undefined;
  const definition = (await load?.())?.default;
  const place = keyPlace(name, table, definition?.keyVariables ?? [], env);
  if (place) return place;
  const kept = await file.list();
  if (kept.some((key) => key.name === name || key.name === type)) return 'the file of llmspell keys';
  throw fail('keys.not_found', `There is no key for ${JSON.stringify(name)}`, {
    hint: `Keep one: llmspell keys set ${name}`,
  });
}
