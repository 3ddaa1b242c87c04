import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { place, type Source, walk } from './sources.js';

/** One import of one file of the project by another. */
export interface Import {
  from: string;
  to: string;
  /** `file:line`. */
  place: string;
  /** Gone at run time. */
  typeOnly: boolean;
}

/** All relative imports of the sources, static, dynamic and of types only; those that lead nowhere apart. */
export function readImports(root: string, sources: Source[]): { imports: Import[]; broken: string[] } {
  const imports: Import[] = [];
  const broken: string[] = [];
  for (const source of sources) {
    walk(source.tree, (node) => {
      const found = specifierOf(node);
      if (!found?.specifier.text.startsWith('.')) return;
      const where = place(source, node.getStart());
      const to = resolve(root, source.path, found.specifier.text);
      if (to) imports.push({ from: source.path, to, place: where, typeOnly: found.typeOnly });
      else broken.push(`${where} imports '${found.specifier.text}', which is not a file (paths end in .js)`);
    });
  }
  return { imports, broken };
}

function specifierOf(node: ts.Node): { specifier: ts.StringLiteralLike; typeOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node))
    return literal(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal, true) : undefined;
  const dynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return dynamic ? literal(node.arguments[0], false) : undefined;
}

function literal(node: ts.Node | undefined, typeOnly: boolean) {
  return node && ts.isStringLiteralLike(node) ? { specifier: node, typeOnly } : undefined;
}

/** The file an import path means: `./x.js` is `x.ts` here; other files (`./x.json`) mean themselves. */
function resolve(root: string, from: string, specifier: string): string | undefined {
  const path = posix.join(posix.dirname(from), specifier);
  // Text that is bundled as text: `.prelude.js` stands there as it is.
  if (!path.endsWith('.js') || path.endsWith('.prelude.js'))
    return posix.extname(path) && existsSync(join(root, path)) ? path : undefined;
  const source = path.replace(/\.js$/, '.ts');
  const exists = existsSync(join(root, source)) || existsSync(join(root, source.replace(/\.ts$/, '.d.ts')));
  // Generated files may be absent in a fresh checkout.
  return exists || source.endsWith('.generated.ts') ? source : undefined;
}
