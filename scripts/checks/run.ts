import { checkDocs } from './docs.js';
import { checkFloors } from './floors.js';
import { checkFunctions } from './functions.js';
import type { Check, Report } from './report.js';
import { checkWords } from './words.js';

/** The house checks by name. */
const CHECKS: Readonly<Record<string, Check>> = {
  floors: checkFloors,
  functions: checkFunctions,
  docs: checkDocs,
  words: checkWords,
};

/**
 * Runs the named checks, or all, on the project at `root` and prints what they found.
 * @returns the exit code: 0 when nothing is wrong, 1 when something is, 2 when no check has that name.
 */
export function runChecks(root: string, names: readonly string[], print: (line: string) => void): number {
  const unknown = names.filter((name) => !Object.hasOwn(CHECKS, name));
  if (unknown.length > 0) {
    print(`No check is called ${unknown.join(', ')}; there are ${Object.keys(CHECKS).join(', ')}.`);
    return 2;
  }
  const chosen = names.length > 0 ? names : Object.keys(CHECKS);
  const failed = chosen.filter((name) => {
    const report = CHECKS[name]!(root);
    for (const line of linesOf(name, report)) print(line);
    return report.problems.length > 0;
  });
  return failed.length > 0 ? 1 : 0;
}

function linesOf(name: string, { problems, warnings, summary }: Report): string[] {
  const count = problems.length;
  const verdict = count === 0 ? 'ok' : `${count} problem${count === 1 ? '' : 's'}`;
  return [
    `${name}: ${verdict} (${summary})`,
    ...problems.map((problem) => `  ${problem}`),
    ...warnings.map((warning) => `  warning: ${warning}`),
  ];
}
