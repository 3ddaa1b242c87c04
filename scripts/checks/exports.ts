import ts from 'typescript';
import { place, type Source } from './sources.js';

/** A name a file declares, and whether a docstring says what it is. */
interface Declared {
  name: string;
  position: number;
  documented: boolean;
  exported: boolean;
}

/**
 * The exported declarations of a file that no docstring describes. Where a name is declared several times
 * (overloads, a type beside a value) one docstring is enough; what is re-exported is documented at its origin.
 */
export function undocumentedExports(source: Source): string[] {
  const declared = source.tree.statements.flatMap((statement) => declarationsOf(statement));
  const listed = new Set(source.tree.statements.flatMap(locallyListed));
  const exported = new Set(declared.filter((one) => one.exported).map((one) => one.name));
  for (const name of listed) exported.add(name);
  return [...exported].flatMap((name) => {
    const same = declared.filter((one) => one.name === name);
    if (same.length === 0 || same.some((one) => one.documented)) return [];
    return [`${place(source, same[0]!.position)} exports '${name}' without a docstring`];
  });
}

function declarationsOf(statement: ts.Statement): Declared[] {
  const shared = { documented: hasDocstring(statement), exported: isExported(statement) };
  const declared = (name: string, node: ts.Node) => ({ name, position: node.getStart(), ...shared });
  if (ts.isVariableStatement(statement)) {
    const names = statement.declarationList.declarations.flatMap((one) => boundNames(one.name));
    return names.map((name) => declared(name.text, name));
  }
  if (ts.isExportAssignment(statement)) return [{ ...declared('default', statement), exported: true }];
  const named = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
  const typed = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  const other = ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement);
  return named || typed || other ? [declared(statement.name?.text ?? 'default', statement)] : [];
}

function boundNames(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

/** The names in `export { a, b as c }` that are declared in this file, by their own names. */
function locallyListed(statement: ts.Statement): string[] {
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier) return [];
  const clause = statement.exportClause;
  if (!clause || !ts.isNamedExports(clause)) return [];
  return clause.elements.map((element) => (element.propertyName ?? element.name).text);
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** Whether a docstring with words in it stands directly before the node. */
function hasDocstring(node: ts.Node): boolean {
  return ts.getJSDocCommentsAndTags(node).some((doc) => ts.isJSDoc(doc) && /\p{L}/u.test(doc.getText()));
}
