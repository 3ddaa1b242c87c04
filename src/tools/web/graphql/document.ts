import type {
  DocumentNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import { fail } from '../../../core/errors.js';

/** The kinds of GraphQL operations. */
export type OperationKind = 'query' | 'mutation' | 'subscription';

/** What is known of a document before it is sent. */
export interface Operation {
  kind: OperationKind;
  /** Its name; absent for an anonymous one. */
  name: string | undefined;
  /** How deeply its selections are nested, fragments included. */
  depth: number;
}

/** Longer documents are no queries any more. */
const MAX_TOKENS = 20_000;

/**
 * Reads a document and finds the operation to run.
 * @throws `input.invalid` for a document that is none, is ambiguous, or nests deeper than `maxDepth`
 */
export async function readOperation(
  text: string,
  wanted: string | undefined,
  maxDepth: number,
): Promise<Operation> {
  const document = await parsed(text);
  const operation = chosen(document, wanted);
  const depth = new Depths(document).of(operation.selectionSet);
  if (depth > maxDepth)
    throw fail(
      'input.invalid',
      `The GraphQL query has a depth of ${depth}, more than the limit of ${maxDepth}`,
      {
        hint: 'Ask for less at once, or raise max_depth.',
      },
    );
  return { kind: operation.operation, name: operation.name?.value, depth };
}

async function parsed(text: string): Promise<DocumentNode> {
  const { parse } = await import('graphql');
  try {
    return parse(text, { noLocation: true, maxTokens: MAX_TOKENS });
  } catch (error) {
    const { message, locations } = error as {
      message: string;
      locations?: { line: number; column: number }[];
    };
    const at = locations?.[0] ? ` (line ${locations[0].line}, column ${locations[0].column})` : '';
    if (error instanceof RangeError)
      throw fail(
        'input.invalid',
        'The GraphQL query nests too deep to be read: its depth is far over the limit',
      );
    throw fail('input.invalid', `Invalid GraphQL query: ${message}${at}`);
  }
}

function chosen(document: DocumentNode, wanted: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((node) => node.kind === 'OperationDefinition');
  const named = wanted === undefined ? operations : operations.filter((node) => node.name?.value === wanted);
  if (named.length === 1) return named[0]!;
  const names = operations.map((node) => node.name?.value ?? 'an anonymous one').join(', ');
  if (operations.length === 0) throw fail('input.invalid', 'The GraphQL document contains no operation');
  if (wanted === undefined)
    throw fail('input.invalid', `The GraphQL document contains several operations: ${names}`, {
      hint: 'Say which one with operation_name.',
    });
  throw fail('input.invalid', `The GraphQL document has no operation '${wanted}'; it has: ${names}`);
}

/** Depths of selections. A fragment is measured once, so that fragments that use fragments take no exponential time. */
class Depths {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly known = new Map<string, number>();
  private readonly open = new Set<string>();

  constructor(document: DocumentNode) {
    const fragments = document.definitions.filter((node) => node.kind === 'FragmentDefinition');
    this.fragments = new Map(fragments.map((node) => [node.name.value, node]));
  }

  /** 1 for a selection of plain fields. */
  of(selections: SelectionSetNode): number {
    let deepest = 0;
    for (const node of selections.selections) {
      if (node.kind === 'FragmentSpread') deepest = Math.max(deepest, this.ofFragment(node.name.value) - 1);
      else if (node.kind === 'InlineFragment') deepest = Math.max(deepest, this.of(node.selectionSet) - 1);
      else if (node.selectionSet) deepest = Math.max(deepest, this.of(node.selectionSet));
    }
    return deepest + 1;
  }

  private ofFragment(name: string): number {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    if (!fragment) throw fail('input.invalid', `The GraphQL query uses the unknown fragment '${name}'`);
    if (this.open.has(name)) throw fail('input.invalid', `The GraphQL fragment '${name}' contains itself`);
    this.open.add(name);
    const depth = this.of(fragment.selectionSet);
    this.open.delete(name);
    this.known.set(name, depth);
    return depth;
  }
}
