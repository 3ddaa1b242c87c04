import ts from 'typescript';
import type { Report } from './report.js';
import { isTest, place, readSources, type Source, walk } from './sources.js';

/** Lines of a function, signature and body: none may be longer than `longest`. */
const LIMITS = { longest: 80, ninetieth: 25, median: 7 };

interface Measured {
  place: string;
  name: string;
  lines: number;
}

/** Functions stay short: the median, nine in ten, and each of them. */
export function checkFunctions(root: string): Report {
  const sources = readSources(root, 'src').filter((source) => !isTest(source));
  const functions = sources.flatMap(functionsOf).sort((a, b) => a.lines - b.lines);
  if (functions.length === 0) return { problems: [], warnings: [], summary: 'no functions' };
  const median = percentile(functions, 0.5);
  const ninetieth = percentile(functions, 0.9);
  const longest = functions.at(-1)!;
  const problems = functions
    .filter(({ lines }) => lines > LIMITS.longest)
    .map(
      ({ place, name, lines }) =>
        `${place} ${name} has ${lines} lines; at most ${LIMITS.longest} are allowed`,
    );
  if (median > LIMITS.median)
    problems.push(`half of all functions have ${median} lines or more (limit ${LIMITS.median})`);
  if (ninetieth > LIMITS.ninetieth)
    problems.push(`one function in ten has ${ninetieth} lines or more (limit ${LIMITS.ninetieth})`);
  return {
    problems,
    warnings: [],
    summary: `${functions.length} functions; median ${median}, 90th percentile ${ninetieth}, longest ${longest.lines} (${longest.name}, ${longest.place})`,
  };
}

function functionsOf(source: Source): Measured[] {
  const found: Measured[] = [];
  walk(source.tree, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return;
    const start = source.tree.getLineAndCharacterOfPosition(node.getStart()).line;
    const end = source.tree.getLineAndCharacterOfPosition(node.end).line;
    found.push({ place: place(source, node.getStart()), name: nameOf(node), lines: end - start + 1 });
  });
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { parent } = node;
  const named =
    node.name ??
    (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name : undefined);
  return named?.getText() ?? 'an anonymous function';
}

/** The nearest-rank percentile of sorted lengths. */
function percentile(sorted: readonly Measured[], share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1]!.lines;
}
