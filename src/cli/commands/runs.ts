import { fail } from '../../core/errors.js';
import { EXIT } from '../../core/exit-codes.js';
import type { JournalDamage, JournalStore, RunQuery, RunRecord } from '../../storage/journal-store.js';
import { defineCommand, flagged, type Invocation, type OptionDefinitions, option } from '../command.js';
import { untilInterrupt } from '../interrupts.js';
import { printable } from '../printable.js';
import { alignColumns } from '../render/columns.js';
import { printResult } from '../render/print.js';
import { numberOption } from '../run-options.js';
import { COST_GROUPS, type CostGroup, type CostLine, costLines, costTotal } from '../runs/cost.js';
import { clockTime, dollars, duration, spent } from '../runs/figures.js';
import { followRun } from '../runs/follow.js';
import { parseMoment } from '../runs/moment.js';
import { findRun, JOURNAL_OPTIONS, withJournal } from '../runs/open-journal.js';
import { renderRun } from '../runs/render-tree.js';
import { RunTree } from '../runs/run-tree.js';

const STATUSES = ['running', 'completed', 'failed', 'stale'] as const;
const RUN = { name: 'RUN', doc: 'The id of a run, or enough of its beginning or end' };
const SELECT: OptionDefinitions = {
  ...JOURNAL_OPTIONS,
  since: { value: 'WHEN', doc: 'Only what began since: 2h, 7d, 2026-01-31' },
  name: { value: 'TEXT', doc: 'Only spells and tools whose name contains it' },
  session: { value: 'ID', doc: 'Only what ran in that session' },
};

const list = defineCommand({
  name: 'list',
  summary: 'Show what ran, newest first',
  options: {
    ...SELECT,
    status: { value: 'STATUS', choices: STATUSES, doc: 'Only runs that ended so, or have not' },
    stale: { doc: 'Only runs that never ended and that nobody works on' },
    limit: { value: 'N', short: 'n', doc: 'At most so many; 20 when absent, 0 shows all' },
  },
  examples: [
    'llmspell runs list',
    'llmspell runs list --stale',
    'llmspell runs list --since 2h --output json',
  ],
  run: (invocation) =>
    withJournal(invocation, async (journal) => {
      const limit = numberOption(invocation, 'limit') ?? 20;
      const runs = await journal.runs({ ...selection(invocation), limit: limit === 0 ? undefined : limit });
      printResult(invocation, { json: runs, text: () => table(runs) });
      return EXIT.ok;
    }),
});

const show = defineCommand({
  name: 'show',
  summary: 'Show the steps of a run as a tree',
  args: [RUN],
  options: { ...JOURNAL_OPTIONS, full: { doc: 'Inputs, outputs and everything that was printed too' } },
  examples: ['llmspell runs show 01jq', 'llmspell runs show run_01jq9 --full'],
  run: (invocation) =>
    withJournal(invocation, async (journal) => {
      const record = await findRun(journal, invocation.args.RUN!);
      const tree = await treeOf(journal, record);
      printResult(invocation, {
        json: { ...record, tree: tree.root },
        text: () => renderRun(record, tree, { full: flagged(invocation, 'full') }),
      });
      return EXIT.ok;
    }),
});

const tail = defineCommand({
  name: 'tail',
  summary: 'Follow a run while another process works on it',
  description: 'Prints one event a line from the beginning of the run, until it has ended.',
  args: [{ ...RUN, doc: `${RUN.doc}; the newest when absent`, optional: true }],
  options: JOURNAL_OPTIONS,
  examples: ['llmspell runs tail', 'llmspell runs tail 01jq | jq .type'],
  run: (invocation) =>
    withJournal(invocation, (journal) =>
      untilInterrupt(async (signal) => {
        const run = await runToFollow(journal, invocation.args.RUN);
        for await (const event of followRun(journal, run, signal))
          invocation.terminal.out(`${JSON.stringify(event)}\n`);
        return signal.aborted ? EXIT.interrupted : EXIT.ok;
      }),
    ),
});

const cost = defineCommand({
  name: 'cost',
  summary: 'Add up tokens and money',
  description: 'Counts the model calls of all runs in the journal. What a provider did not count is marked.',
  options: {
    ...SELECT,
    by: { value: 'GROUP', choices: COST_GROUPS, doc: 'What to add up by; model when absent' },
  },
  examples: ['llmspell runs cost --since 7d', 'llmspell runs cost --by spell'],
  run: (invocation) =>
    withJournal(invocation, async (journal) => {
      const runs = new Map((await journal.runs(selection(invocation))).map((record) => [record.run, record]));
      const events = await journal.search({ pattern: 'model.usage', limit: Number.POSITIVE_INFINITY });
      const by = (option(invocation, 'by') ?? 'model') as CostGroup;
      const lines = costLines(
        events.filter(({ run }) => runs.has(run)),
        by,
        runs,
      );
      const total = costTotal(lines);
      printResult(invocation, { json: { by, lines, total }, text: () => costTable(lines, total) });
      return EXIT.ok;
    }),
});

const metrics = defineCommand({
  name: 'metrics',
  summary: 'Count what past runs did, as Prometheus text',
  options: SELECT,
  examples: ['llmspell runs metrics --since 1d'],
  run: (invocation) =>
    withJournal(invocation, async (journal) => {
      const { metricsOfRuns } = await import('../runs/metrics.js');
      invocation.terminal.out(await metricsOfRuns(journal, await journal.runs(selection(invocation))));
      return EXIT.ok;
    }),
});

const exportRuns = defineCommand({
  name: 'export',
  summary: 'Write events as JSON lines',
  args: [{ ...RUN, doc: `${RUN.doc}; all that are selected when absent`, optional: true }],
  options: {
    ...SELECT,
    out: { value: 'FILE', short: 'o', complete: 'file', doc: 'Write to a file instead' },
  },
  examples: ['llmspell runs export 01jq > run.jsonl', 'llmspell runs export --since 1d -o today.jsonl'],
  run: (invocation) =>
    withJournal(invocation, async (journal) => {
      const { RUN: id } = invocation.args;
      const runs =
        id === undefined ? await journal.runs(selection(invocation)) : [await findRun(journal, id)];
      const { JsonLines } = await import('../runs/json-lines.js');
      const target = new JsonLines(invocation, option(invocation, 'out'));
      for (const { run } of runs.reverse())
        for await (const event of journal.events(run)) await target.write(event);
      await target.end();
      return EXIT.ok;
    }),
});

const prune = defineCommand({
  name: 'prune',
  summary: 'Forget old runs',
  options: {
    ...JOURNAL_OPTIONS,
    'older-than': { value: 'WHEN', doc: 'What began before: 30d, 2026-01-31; 30d when absent' },
  },
  examples: ['llmspell runs prune --older-than 7d'],
  run: (invocation) =>
    withJournal(invocation, async (journal) => {
      const forgotten = await journal.prune(
        parseMoment(option(invocation, 'older-than') ?? '30d', Date.now()),
      );
      printResult(invocation, { json: { forgotten }, text: () => `Forgot ${forgotten} runs.` });
      return EXIT.ok;
    }),
});

const verify = defineCommand({
  name: 'verify',
  summary: 'Read the whole journal and name what is damaged',
  options: JOURNAL_OPTIONS,
  examples: ['llmspell runs verify'],
  run: (invocation) =>
    withJournal(invocation, async (journal) => {
      const damaged: JournalDamage[] = [];
      for await (const damage of journal.verify()) damaged.push(damage);
      if (damaged.length > 0) throw corrupt(damaged);
      printResult(invocation, { json: { damaged }, text: () => 'The journal is whole.' });
      return EXIT.ok;
    }),
});

function corrupt(damaged: readonly JournalDamage[]): Error {
  const [first] = damaged;
  const more = damaged.length > 1 ? `, and ${damaged.length - 1} more` : '';
  return fail('journal.corrupt', `${first!.segment}.jsonl, line ${first!.line}, ${first!.problem}${more}`, {
    hint: 'Everything else can still be read; `llmspell runs export` saves it.',
    details: { damaged: damaged.slice(0, 100) },
  });
}

/** `llmspell runs`: the journal. */
export default defineCommand({
  name: 'runs',
  summary: 'Show what ran, what it did and what it cost',
  subcommands: [list, show, tail, cost, metrics, exportRuns, verify, prune],
});

function selection(invocation: Invocation): RunQuery {
  const since = option(invocation, 'since');
  const status = flagged(invocation, 'stale') ? 'stale' : option(invocation, 'status');
  return {
    status: status as RunRecord['status'] | undefined,
    session: option(invocation, 'session'),
    name: option(invocation, 'name'),
    since: since === undefined ? undefined : parseMoment(since, Date.now()),
  };
}

function table(runs: readonly RunRecord[]): string {
  if (runs.length === 0) return 'Nothing ran.';
  const rows = runs.map((record) => [
    record.run,
    clockTime(record.startedAt),
    record.status,
    record.durationMs === undefined ? '' : duration(record.durationMs),
    record.usage ? spent(record.usage) : '',
    printable(record.name),
  ]);
  return alignColumns([['RUN', 'STARTED', 'STATUS', 'TIME', 'SPENT', 'NAME'], ...rows]);
}

function costTable(lines: readonly CostLine[], total: CostLine): string {
  if (lines.length === 0) return 'No model was called.';
  const row = ({ group, calls, usage }: CostLine) => [
    printable(group),
    String(calls),
    String(usage.inputTokens),
    String(usage.outputTokens),
    dollars(usage.costUsd) + (usage.source === 'provider' ? '' : ` (${usage.source})`),
  ];
  return alignColumns([['GROUP', 'CALLS', 'IN', 'OUT', 'COST'], ...lines.map(row), row(total)]);
}

async function treeOf(journal: JournalStore, { run }: RunRecord): Promise<RunTree> {
  const tree = new RunTree();
  for await (const event of journal.events(run)) tree.add(event);
  return tree;
}

/** The run that is meant, or the newest: one that runs if there is one. */
async function runToFollow(journal: JournalStore, id: string | undefined): Promise<string> {
  if (id !== undefined) return (await findRun(journal, id)).run;
  const [running] = await journal.runs({ status: 'running', limit: 1 });
  const [newest] = running ? [running] : await journal.runs({ limit: 1 });
  return newest?.run ?? (await findRun(journal, 'run')).run;
}
