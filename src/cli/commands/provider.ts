import { fail } from '../../core/errors.js';
import type { ProviderInfo } from '../../providers/info.js';
import { defineCommand, type Invocation } from '../command.js';
import { untilInterrupt } from '../interrupts.js';
import { alignColumns } from '../render/columns.js';
import { printResult } from '../render/print.js';
import { numberOption } from '../run-options.js';
import { startKernel } from '../setup.js';

const list = defineCommand({
  name: 'list',
  summary: 'List the configured and built-in providers, the default one first',
  description:
    'Says whether what a provider needs is configured; the network is not used (see: llmspell provider test).',
  examples: ['llmspell provider list', 'llmspell -p ollama provider list --output json'],
  async run(invocation) {
    const { kernel } = await startKernel(invocation);
    try {
      const providers = await (await kernel.servicesFor().providers()).list();
      printResult(invocation, { json: providers, text: () => table(providers) });
      return 0;
    } finally {
      await kernel.shutdown();
    }
  },
});

function table(providers: readonly ProviderInfo[]): string {
  const rows = providers.map(({ provider, type, default_model, description, ...info }) => [
    provider,
    type,
    default_model ?? '-',
    state(info),
    description,
  ]);
  return alignColumns([['PROVIDER', 'TYPE', 'DEFAULT MODEL', 'STATE', 'WHAT IT IS'], ...rows]);
}

function state({ enabled, available }: Pick<ProviderInfo, 'enabled' | 'available'>): string {
  if (!enabled) return 'disabled';
  return available ? 'ready' : 'needs a key';
}

const test = defineCommand({
  name: 'test',
  summary: 'Ask a provider whether it answers and which models it has',
  args: [{ name: 'NAME', doc: 'The provider; the default one when absent', optional: true }],
  options: { timeout: { value: 'SECONDS', doc: 'How long to wait; 30 when absent' } },
  examples: ['llmspell provider test offline', 'llmspell provider test openai --timeout 5'],
  async run(invocation) {
    const { kernel } = await startKernel(invocation);
    try {
      const providers = await kernel.servicesFor().providers();
      const name = invocation.args.NAME ?? providers.defaultName();
      const models = await ask(invocation, name, (signal) => providers.check(name, signal));
      printResult(invocation, {
        json: { status: 'success', provider: name, models },
        text: () => `${name} answers${modelList(models)}`,
      });
      return 0;
    } finally {
      await kernel.shutdown();
    }
  },
});

async function ask(
  invocation: Invocation,
  provider: string,
  check: (signal: AbortSignal) => Promise<{ models: string[] }>,
): Promise<string[]> {
  const seconds = numberOption(invocation, 'timeout') ?? 30;
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(tooLate(provider, seconds)), seconds * 1000);
  try {
    const answer = await untilInterrupt((interrupted) => check(AbortSignal.any([interrupted, clock.signal])));
    return answer.models;
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(provider: string, seconds: number): Error {
  return fail('provider.timeout', `Provider '${provider}' did not answer within ${seconds} s`, {
    hint: 'Give it more time with --timeout SECONDS.',
  });
}

function modelList(models: readonly string[]): string {
  if (models.length === 0) return '; it names no models.';
  return `; its models:\n${models.map((model) => `  ${model}\n`).join('')}`;
}

/** `llmspell provider`: what is configured, and whether it answers. */
export default defineCommand({
  name: 'provider',
  summary: 'List providers of models and ask whether they answer',
  subcommands: [list, test],
});
