import ts from 'typescript';
import { type FieldNode, type TypeNode, unionOf } from './type-text.js';

/**
 * The type that a `.meta({ signature })` spells in TypeScript, e.g. `(chunk: { text: string }) => void`.
 * @throws for syntax that has no counterpart in both languages, so that a wrong signature is seen at once.
 */
export function parseSignature(signature: string): TypeNode {
  const source = ts.createSourceFile('signature.ts', `type S = ${signature};`, ts.ScriptTarget.ES2022, true);
  const statement = source.statements[0];
  const problems = (source as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics;
  if (
    source.statements.length !== 1 ||
    problems.length > 0 ||
    !statement ||
    !ts.isTypeAliasDeclaration(statement)
  ) {
    throw new Error(`not a type: ${signature}`);
  }
  return typeOf(statement.type);
}

const KEYWORDS = new Map<ts.SyntaxKind, TypeNode['kind']>([
  [ts.SyntaxKind.AnyKeyword, 'any'],
  [ts.SyntaxKind.UnknownKeyword, 'any'],
  [ts.SyntaxKind.VoidKeyword, 'nothing'],
  [ts.SyntaxKind.UndefinedKeyword, 'null'],
  [ts.SyntaxKind.StringKeyword, 'string'],
  [ts.SyntaxKind.NumberKeyword, 'number'],
  [ts.SyntaxKind.BooleanKeyword, 'boolean'],
]);

function typeOf(node: ts.TypeNode): TypeNode {
  const keyword = KEYWORDS.get(node.kind);
  if (keyword) return { kind: keyword } as TypeNode;
  if (ts.isParenthesizedTypeNode(node)) return typeOf(node.type);
  if (ts.isArrayTypeNode(node)) return { kind: 'list', item: typeOf(node.elementType) };
  if (ts.isTupleTypeNode(node))
    return { kind: 'tuple', items: node.elements.map((each) => typeOf(each as ts.TypeNode)) };
  if (ts.isUnionTypeNode(node)) return unionOf(node.types.map(typeOf));
  if (ts.isLiteralTypeNode(node)) return literal(node);
  if (ts.isTypeLiteralNode(node)) return { kind: 'object', fields: node.members.map(field) };
  if (ts.isFunctionTypeNode(node))
    return { kind: 'function', params: node.parameters.map(field), returns: typeOf(node.type) };
  if (ts.isTypeReferenceNode(node)) return reference(node);
  throw new Error(`no counterpart in Lua: ${node.getText()}`);
}

function literal({ literal: value }: ts.LiteralTypeNode): TypeNode {
  if (value.kind === ts.SyntaxKind.NullKeyword) return { kind: 'null' };
  if (ts.isStringLiteral(value)) return { kind: 'literal', value: value.text };
  if (ts.isNumericLiteral(value)) return { kind: 'literal', value: Number(value.text) };
  return { kind: 'literal', value: value.kind === ts.SyntaxKind.TrueKeyword };
}

function field(node: ts.TypeElement | ts.ParameterDeclaration): FieldNode {
  if (!(ts.isPropertySignature(node) || ts.isParameter(node)) || !node.type) {
    throw new Error(`needs a name and a type: ${node.getText()}`);
  }
  return {
    name: node.name.getText(),
    type: typeOf(node.type),
    optional: node.questionToken !== undefined,
    doc: '',
  };
}

function reference(node: ts.TypeReferenceNode): TypeNode {
  const name = node.typeName.getText();
  const args = (node.typeArguments ?? []).map(typeOf);
  if (name === 'Record') return { kind: 'record', value: args[1] ?? { kind: 'any' } };
  if (name === 'Array') return { kind: 'list', item: args[0] ?? { kind: 'any' } };
  return { kind: 'named', name };
}
