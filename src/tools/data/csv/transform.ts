import { fail } from '../../../core/errors.js';
import { evaluate, freeVariables } from '../../utility/expression/evaluator.js';
import { parseExpression } from '../../utility/expression/parser.js';
import { columnIndex } from './columns.js';

/** What to do to the columns; expressions name columns as they are called before. */
export interface ColumnChanges {
  rename: Readonly<Record<string, string>>;
  add: Readonly<Record<string, string>>;
  drop: readonly string[];
  /** Only these, in this order; all when empty. Named as they are called after. */
  select: readonly string[];
}

/** The columns after the changes, and what makes a new row of an old one. */
export interface Transformation {
  columns: string[];
  /** A cell that cannot be worked out is empty; `unknown` is told of each. */
  apply(row: readonly string[], unknown: (column: string) => void): string[];
}

type Cell = (row: readonly string[]) => string | undefined;

/** Plans changes to columns. @throws `input.invalid` for columns and expressions that do not exist */
export function planTransformation(columns: readonly string[], changes: ColumnChanges): Transformation {
  const parts = new Map<string, Cell>();
  const names = renamed(columns, changes.rename);
  const dropped = new Set(changes.drop.map((name) => columnIndex(columns, name)));
  names.forEach((name, index) => {
    if (!dropped.has(index)) put(parts, name, (row) => row[index]);
  });
  for (const [name, expression] of Object.entries(changes.add))
    parts.set(name, cellMaker(expression, columns));
  const kept = changes.select.length > 0 ? selected(parts, changes.select) : [...parts];
  return {
    columns: kept.map(([name]) => name),
    apply: (row, unknown) =>
      kept.map(([name, cell]) => {
        const value = cell(row);
        if (value === undefined) unknown(name);
        return value ?? '';
      }),
  };
}

function renamed(columns: readonly string[], rename: Readonly<Record<string, string>>): string[] {
  const names = [...columns];
  for (const [from, to] of Object.entries(rename)) names[columnIndex(columns, from)] = to;
  return names;
}

function put(parts: Map<string, Cell>, name: string, cell: Cell): void {
  if (parts.has(name)) throw fail('input.invalid', `Two columns would be called '${name}'`);
  parts.set(name, cell);
}

function selected(parts: ReadonlyMap<string, Cell>, names: readonly string[]): [string, Cell][] {
  const known = [...parts.keys()];
  return names.map((name) => {
    const found = known[columnIndex(known, name)]!;
    return [found, parts.get(found)!];
  });
}

/** A text in quotes with `{column}` in it, or an arithmetic expression over columns. */
function cellMaker(expression: string, columns: readonly string[]): Cell {
  const text = /^\s*(?:'([^']*)'|"([^"]*)")\s*$/.exec(expression);
  return text ? textMaker(text[1] ?? text[2]!, columns) : numberMaker(expression, columns);
}

function textMaker(template: string, columns: readonly string[]): Cell {
  const parts = template
    .split(/\{([^{}]+)\}/)
    .map((part, index) => (index % 2 === 1 ? columnIndex(columns, part) : part));
  return (row) => parts.map((part) => (typeof part === 'number' ? row[part] : part)).join('');
}

function numberMaker(expression: string, columns: readonly string[]): Cell {
  const { plain, names } = withPlainNames(expression);
  const tree = parseExpression(plain);
  const indexes = usedColumns(freeVariables(tree), names, columns);
  return (row) => {
    const variables = new Map<string, number>();
    for (const [variable, index] of indexes) {
      const cell = row[index]!;
      const value = cell.trim() === '' ? Number.NaN : Number(cell);
      if (!Number.isFinite(value)) return undefined;
      variables.set(variable, value);
    }
    const result = evaluate(tree, variables);
    return Number.isFinite(result) ? tidy(result) : undefined;
  };
}

/** The open names of an expression; `e` and `pi` are columns too where there are such columns. */
function usedColumns(
  open: readonly string[],
  names: ReadonlyMap<string, string>,
  columns: readonly string[],
) {
  const constants = ['e', 'pi'].filter((name) => columns.includes(name));
  return [...open, ...constants].map(
    (variable) => [variable, columnIndex(columns, names.get(variable) ?? variable)] as const,
  );
}

/** Expressions know plain names only: columns in backticks, brackets or quotes get one for the time being. */
function withPlainNames(expression: string): { plain: string; names: Map<string, string> } {
  const names = new Map<string, string>();
  const plain = expression.replace(/`([^`]+)`|\[([^\]]+)\]|"([^"]+)"/g, (_, ...given: string[]) => {
    const variable = `column_${names.size + 1}_`;
    names.set(variable, given.slice(0, 3).find((name) => name !== undefined)!);
    return variable;
  });
  return { plain, names };
}

/** Fifteen digits: what a double holds, without the noise of binary fractions. */
function tidy(value: number): string {
  return String(Number(value.toPrecision(15)));
}
