import { guardText, guardTokens } from './guard.js';
import { syntaxError, type Token, tokenize } from './tokenizer.js';

/** An arithmetic expression as a tree. */
export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'variable'; name: string }
  | { kind: 'unary'; operator: string; operand: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'call'; name: string; args: Expression[] };

/** Binding powers, weakest first. `-2^2` is `-(2^2)`: prefix operators bind between `*` and `^`. */
const INFIX: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
  '^': 8,
  '**': 8,
};
const PREFIX_POWER = 7;
const PREFIX = new Set(['-', '+', '!']);

/** Reads an expression. @throws `input.invalid` when it is not one or is larger than the limits of `guard.ts`. */
export function parseExpression(text: string): Expression {
  guardText(text);
  const tokens = tokenize(text);
  guardTokens(tokens);
  if (tokens.length === 0) throw syntaxError('the expression is empty', 0);
  return new Parser(tokens, text.length).whole();
}

class Parser {
  private next = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly end: number,
  ) {}

  whole(): Expression {
    const expression = this.expression(0);
    const rest = this.tokens[this.next];
    if (rest) throw syntaxError(`unexpected '${rest.text}'`, rest.at);
    return expression;
  }

  private expression(minimum: number): Expression {
    let left = this.prefix();
    for (let power = this.infixPower(); power > minimum; power = this.infixPower()) {
      const operator = this.take().text;
      left = { kind: 'binary', operator, left, right: this.expression(rightPower(operator, power)) };
    }
    return left;
  }

  private infixPower(): number {
    const token = this.tokens[this.next];
    return token?.kind === 'operator' ? (INFIX[token.text] ?? 0) : 0;
  }

  private prefix(): Expression {
    const token = this.take();
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'name') return this.name(token.text);
    if (PREFIX.has(token.text))
      return { kind: 'unary', operator: token.text, operand: this.expression(PREFIX_POWER - 1) };
    if (token.text !== '(') throw syntaxError(`unexpected '${token.text}'`, token.at);
    const inner = this.expression(0);
    this.expect(')');
    return inner;
  }

  private name(name: string): Expression {
    if (this.tokens[this.next]?.text !== '(') return { kind: 'variable', name };
    this.next++;
    const args: Expression[] = [];
    if (this.tokens[this.next]?.text !== ')') {
      do args.push(this.expression(0));
      while (this.skip(','));
    }
    this.expect(')');
    return { kind: 'call', name, args };
  }

  private take(): Token {
    const token = this.tokens[this.next++];
    if (!token) throw syntaxError('unexpected end of the expression', this.end);
    return token;
  }

  private skip(text: string): boolean {
    if (this.tokens[this.next]?.text !== text) return false;
    this.next++;
    return true;
  }

  private expect(text: string): void {
    const token = this.take();
    if (token.text !== text) throw syntaxError(`expected '${text}' but found '${token.text}'`, token.at);
  }
}

/** Powers associate to the right, everything else to the left. */
function rightPower(operator: string, power: number): number {
  return operator === '^' || operator === '**' ? power - 1 : power;
}
