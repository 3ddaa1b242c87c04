import { systemEffects } from '../../core/effects.js';
import { fail } from '../../core/errors.js';
import { DataStore } from '../../kernel/data-store.js';
import type { JournalStore, RunRecord } from '../../storage/journal-store.js';
import { type Invocation, type OptionDefinitions, option } from '../command.js';
import { loadSettings } from '../setup.js';

/** Options of every command that reads the journal. */
export const JOURNAL_OPTIONS: OptionDefinitions = {
  tenant: { value: 'NAME', doc: 'Whose runs; default when absent' },
};

/** Does something with the journal that the configuration names, and closes it. */
export async function withJournal<T>(
  invocation: Invocation,
  work: (journal: JournalStore) => Promise<T>,
): Promise<T> {
  const { config } = await loadSettings(invocation);
  const { cwd, env } = invocation.terminal;
  const store = new DataStore(config, cwd, env, systemEffects());
  try {
    return await work(await store.journal(option(invocation, 'tenant') ?? 'default'));
  } finally {
    await store.close();
  }
}

/** The one run whose id is `id`, or begins or ends with it. @throws `run.not_found`, `run.ambiguous` */
export async function findRun(journal: JournalStore, id: string): Promise<RunRecord> {
  const exact = await journal.run(id);
  if (exact) return exact;
  const found = (await journal.runs()).filter(({ run }) => matches(run, id));
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw fail('run.not_found', `There is no run '${id}'`, { hint: 'See: llmspell runs list' });
  const names = found.slice(0, 5).map(({ run }) => run);
  throw fail('run.ambiguous', `${found.length} runs are meant by '${id}': ${names.join(', ')}`, {
    hint: 'Give more characters of the id.',
  });
}

function matches(run: string, id: string): boolean {
  return id !== '' && (run.startsWith(id) || run.startsWith(`run_${id}`) || run.endsWith(id));
}
