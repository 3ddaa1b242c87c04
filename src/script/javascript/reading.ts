import { syntaxPosition } from './frames.js';
import { EVAL } from './machine.js';
import type { Explanation } from './script-error.js';

/** One way to read a source: the text to evaluate, how, and where its value is then found. */
export interface Reading {
  code: string;
  flags: number;
  value: 'completion' | 'async' | 'module';
}

/** Says why a reading does not compile; undefined when it does. Contract: runs none of it. */
export type CompileCheck = (reading: Reading) => Explanation | undefined;

const MODULE_SYNTAX = /^[ \t]*(?:import\b\s*[^\s(.]|export\b)|\bimport\s*\.\s*meta\b/m;
const OUTSIDE_FUNCTION = 'return not in a function';
/** A last line that only calls something, after a line that ended a statement. */
const FINAL_CALL = /(^|[;}][ \t]*\n\s*)([A-Za-z_$][\w$.]*\([^`\n]*\);?\s*)$/;

/**
 * Decides how a source is to be read: as a script, a script with `await` at its top level, the body of a function
 * (for `return` at the top level) or a module. Lines stay where they are in each of them.
 * @returns the reading, or the most telling of the syntax errors.
 */
export function chooseReading(
  code: string,
  interactive: boolean,
  check: CompileCheck,
): Reading | Explanation {
  const failures: Explanation[] = [];
  for (const reading of readings(code, interactive, failures)) {
    const failure = check(reading);
    if (!failure) return reading;
    failures.push(failure);
  }
  if (MODULE_SYNTAX.test(code)) return { code: awaitFinalCall(code), flags: EVAL.module, value: 'module' };
  return furthest(failures);
}

/** Candidates in order of preference; later ones look at why the earlier ones failed. */
function* readings(code: string, interactive: boolean, failures: Explanation[]): Generator<Reading> {
  const hasAwait = /\bawait\b/.test(code);
  // `{a: 1}` alone is an object for whoever types it, not a block with a label.
  if (interactive && /^\s*\{/.test(code))
    yield { code: `(${code}\n)`, flags: EVAL.script, value: 'completion' };
  yield { code, flags: EVAL.script, value: 'completion' };
  if (hasAwait) yield { code, flags: EVAL.async, value: 'async' };
  if (!failures.some((failure) => failure.message === OUTSIDE_FUNCTION)) return;
  yield { code: `(function () {${code}\n})()`, flags: EVAL.script, value: 'completion' };
  if (hasAwait) yield { code: `(async function () {${code}\n})()`, flags: EVAL.script, value: 'completion' };
}

/** The parser that got furthest understood the source best. */
function furthest(failures: Explanation[]): Explanation {
  const lineOf = (failure: Explanation) => syntaxPosition(failure.stack)?.line ?? 0;
  return failures.reduce((best, failure) => (lineOf(failure) > lineOf(best) ? failure : best));
}

/**
 * A module has no completion value, so the failure of a final `main();` would go unseen: it is awaited instead,
 * which scripts do through their value.
 */
function awaitFinalCall(code: string): string {
  return code.replace(FINAL_CALL, (_, before: string, call: string) => `${before}await ${call}`);
}
