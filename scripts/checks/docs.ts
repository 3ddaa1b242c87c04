import ts from 'typescript';
import { commentsOf } from './comments.js';
import { undocumentedExports } from './exports.js';
import type { Report } from './report.js';
import { isTest, place, readSources, type Source, walk } from './sources.js';

const CODES_FILE = 'src/core/error-codes.ts';

/** Exports are documented, error codes are used, nothing is typed `any`, no checker is silenced without a reason. */
export function checkDocs(root: string): Report {
  const sources = readSources(root, 'src');
  const documented = sources.filter((source) => !isTest(source));
  const unused = unusedCodes(documented);
  const problems = [
    ...documented.flatMap(undocumentedExports),
    ...sources.flatMap(anyTypes),
    ...sources.flatMap(silencers),
  ];
  return {
    problems,
    warnings: unused,
    summary: `${sources.length} files, ${unused.length} unused error codes`,
  };
}

function anyTypes(source: Source): string[] {
  const found: string[] = [];
  walk(source.tree, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword)
      found.push(`${place(source, node.getStart())} uses the type any`);
  });
  return found;
}

function silencers(source: Source): string[] {
  return commentsOf(source).flatMap(({ text, place }) => {
    const problem = silencerProblem(text);
    return problem ? [`${place} ${problem}`] : [];
  });
}

function silencerProblem(comment: string): string | undefined {
  const directive = /^(?:\/\/|\/\*)\s*(@ts-ignore|@ts-nocheck|@ts-expect-error|biome-ignore\S*)(.*)/s.exec(
    comment,
  );
  if (!directive) return undefined;
  const [, name, rest] = directive;
  if (name === '@ts-ignore' || name === '@ts-nocheck') return `uses ${name}; correct the types instead`;
  const reason = name === '@ts-expect-error' ? rest! : rest!.slice(rest!.indexOf(':') + 1);
  const given = /[\p{L}]{2}/u.test(reason) && (name === '@ts-expect-error' || rest!.includes(':'));
  return given ? undefined : `uses ${name} without a reason`;
}

/** Codes that no text in the sources names, neither whole nor as the beginning of a template. */
function unusedCodes(sources: readonly Source[]): string[] {
  const table = sources.find((source) => source.path === CODES_FILE);
  if (!table) return [];
  const texts = new Set<string>();
  const beginnings: string[] = [];
  for (const source of sources.filter((one) => one !== table)) {
    walk(source.tree, (node) => {
      if (ts.isStringLiteralLike(node)) texts.add(node.text);
      if (ts.isTemplateHead(node) && node.text.includes('.')) beginnings.push(node.text);
    });
  }
  const used = (code: string) =>
    texts.has(code) || beginnings.some((beginning) => code.startsWith(beginning));
  return codesIn(table)
    .filter(({ code }) => !used(code))
    .map(({ code, place }) => `${place} '${code}' is never raised`);
}

function codesIn(table: Source): { code: string; place: string }[] {
  const codes: { code: string; place: string }[] = [];
  walk(table.tree, (node) => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name))
      codes.push({ code: node.name.text, place: place(table, node.getStart()) });
  });
  return codes;
}
