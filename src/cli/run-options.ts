import type { BudgetLimits } from '../core/budget.js';
import { fail } from '../core/errors.js';
import { type Invocation, type OptionDefinitions, option } from './command.js';
import { GRANT_OPTIONS } from './setup.js';

/** Options of commands that execute code. */
export const EXECUTION_OPTIONS: OptionDefinitions = {
  ...GRANT_OPTIONS,
  engine: {
    value: 'LANGUAGE',
    choices: ['lua', 'javascript', 'js', 'typescript', 'ts'],
    doc: 'Script language; taken from the file’s ending when absent',
  },
  timeout: { value: 'SECONDS', doc: 'Time limit of the execution' },
  session: { value: 'ID', doc: 'Work in this session; see llmspell session list' },
  'budget-tokens': { value: 'N', doc: 'Most tokens the run may use' },
  'budget-cost': { value: 'USD', doc: 'Most money the run may spend, in US dollars' },
  'budget-calls': { value: 'N', doc: 'Most tool, agent and model calls' },
  'budget-seconds': { value: 'SECONDS', doc: 'Most wall time; ends the run with its own exit code' },
};

/** A positive number given for an option. @throws `usage.invalid` */
export function numberOption(invocation: Invocation, name: string): number | undefined {
  const text = option(invocation, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && text.trim() !== '') return value;
  throw fail('usage.invalid', `--${name} needs a positive number, not '${text}'`);
}

/** The budget of a run: flags before configuration. */
export function budgetOf(
  invocation: Invocation,
  configured: {
    tokens?: number | undefined;
    cost_usd?: number | undefined;
    calls?: number | undefined;
    seconds?: number | undefined;
  },
): BudgetLimits {
  return {
    tokens: numberOption(invocation, 'budget-tokens') ?? configured.tokens,
    costUsd: numberOption(invocation, 'budget-cost') ?? configured.cost_usd,
    calls: numberOption(invocation, 'budget-calls') ?? configured.calls,
    seconds: numberOption(invocation, 'budget-seconds') ?? configured.seconds,
  };
}
