import { fail, type LlmspellError } from '../../../core/errors.js';
import type { Token } from './tokenizer.js';

/** The most an expression may contain; far above what anyone writes by hand. */
export const EXPRESSION_LIMITS = {
  length: 1000,
  depth: 20,
  operations: 100,
  functionCalls: 50,
  variables: 50,
  integerDigits: 15,
  sameFunctionNested: 3,
} as const;

const BANNED = /\b(?:exp\s*\(\s*exp|pow\s*\(\s*pow)\s*\(/i;
const OPERATOR_RUN = /([-+*/])\1\1/;

/** Refuses texts that are too long or have a banned form. @throws `input.invalid` */
export function guardText(text: string): void {
  const { length } = EXPRESSION_LIMITS;
  if (text.length > length) throw refused(`too long: ${text.length} characters, at most ${length}`);
  if (OPERATOR_RUN.test(text)) throw refused('too many consecutive operators');
  if (BANNED.test(text)) throw refused(`Banned pattern: ${BANNED.exec(text)![0]}`);
}

/** Refuses expressions that are too deep, too busy or whose literals lose digits. @throws `input.invalid` */
export function guardTokens(tokens: readonly Token[]): void {
  limit(
    'operations',
    count(tokens, (token) => token.kind === 'operator'),
    'operations',
  );
  limit(
    'functionCalls',
    count(tokens, (_, index) => isCall(tokens, index)),
    'function calls',
  );
  limit('variables', countVariables(tokens), 'unique variables');
  guardDepth(tokens);
  tokens.forEach(guardLiteral);
}

function limit(name: 'operations' | 'functionCalls' | 'variables', found: number, what: string): void {
  if (found > EXPRESSION_LIMITS[name])
    throw refused(`too many ${what}: ${found}, at most ${EXPRESSION_LIMITS[name]}`);
}

function count(tokens: readonly Token[], matches: (token: Token, index: number) => boolean): number {
  return tokens.filter(matches).length;
}

function isCall(tokens: readonly Token[], index: number): boolean {
  return tokens[index]!.kind === 'name' && tokens[index + 1]?.text === '(';
}

function countVariables(tokens: readonly Token[]): number {
  const names = tokens.filter((token, index) => token.kind === 'name' && !isCall(tokens, index));
  return new Set(names.map((token) => token.text)).size;
}

/** Walks the parentheses with the function each belongs to. */
function guardDepth(tokens: readonly Token[]): void {
  const open: string[] = [];
  tokens.forEach((token, index) => {
    if (token.text === ')') open.pop();
    if (token.text !== '(') return;
    open.push(index > 0 && isCall(tokens, index - 1) ? tokens[index - 1]!.text : '');
    if (open.length > EXPRESSION_LIMITS.depth)
      throw refused(`nested too deep: at most ${EXPRESSION_LIMITS.depth} levels`);
    guardNesting(open);
  });
}

function guardNesting(open: readonly string[]): void {
  const name = open.at(-1);
  const nested = open.filter((other) => other === name).length;
  if (name && nested > EXPRESSION_LIMITS.sameFunctionNested)
    throw refused(
      `Recursive depth of ${name}() is above ${EXPRESSION_LIMITS.sameFunctionNested}; split the expression`,
    );
}

/** Digits of the integer part only: those of a fraction beyond a double's precision do no harm. */
function guardLiteral(token: Token): void {
  if (token.kind !== 'number') return;
  const digits = /^0*(\d*)/.exec(token.text)![1]!.length;
  if (digits > EXPRESSION_LIMITS.integerDigits)
    throw refused(`large number: ${digits} digits, at most ${EXPRESSION_LIMITS.integerDigits}`);
}

function refused(problem: string): LlmspellError {
  return fail('input.invalid', `Expression too complex: ${problem}`);
}
