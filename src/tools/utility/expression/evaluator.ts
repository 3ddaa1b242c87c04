import { fail } from '../../../core/errors.js';
import { FUNCTIONS, functionFor, OPERATORS } from './functions.js';
import type { Expression } from './parser.js';

/** The value of an expression. Division by zero gives ±Infinity or NaN, as in IEEE 754. @throws `input.invalid` */
export function evaluate(expression: Expression, variables: ReadonlyMap<string, number>): number {
  const visit = (node: Expression): number => {
    switch (node.kind) {
      case 'number':
        return node.value;
      case 'variable':
        return variables.get(node.name) ?? constantNamed(node.name);
      case 'unary':
        return applyPrefix(node.operator, visit(node.operand));
      case 'binary':
        return OPERATORS[node.operator]!(visit(node.left), visit(node.right));
      case 'call':
        return functionFor(node.name, node.args.length).apply(...node.args.map(visit));
    }
  };
  return visit(expression);
}

/** The names an expression leaves open, in order; checks that its calls exist. @throws `input.invalid` */
export function freeVariables(expression: Expression): string[] {
  const names = new Set<string>();
  const visit = (node: Expression): void => {
    if (node.kind === 'variable' && !isConstant(node.name)) names.add(node.name);
    if (node.kind === 'call') functionFor(node.name, node.args.length);
    children(node).forEach(visit);
  };
  visit(expression);
  return [...names];
}

function children(node: Expression): Expression[] {
  if (node.kind === 'unary') return [node.operand];
  if (node.kind === 'binary') return [node.left, node.right];
  return node.kind === 'call' ? node.args : [];
}

function applyPrefix(operator: string, value: number): number {
  if (operator === '!') return value === 0 ? 1 : 0;
  return operator === '-' ? -value : value;
}

/** `pi` and `e` may be written without their parentheses unless a variable has that name. */
function isConstant(name: string): boolean {
  return FUNCTIONS.get(name)?.maxArgs === 0;
}

function constantNamed(name: string): number {
  if (isConstant(name)) return FUNCTIONS.get(name)!.apply();
  throw fail('input.invalid', `Undefined variable '${name}'`);
}
