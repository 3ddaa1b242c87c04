import type {
  BuilderDefinition,
  GlobalDefinition,
  HandleDefinition,
  MemberDefinition,
} from '../../src/globals/define.js';
import { ownSpellings, pascalCase } from './names.js';
import { type DescribedType, handleName, TypeReader } from './type-of.js';
import { type FieldNode, type TypeNode, unionOf } from './type-text.js';

/** A callable member, ready to be printed in any language. */
export interface ApiFunction {
  name: string;
  doc: string;
  params: FieldNode[];
  returns: TypeNode;
  returnsDoc: string;
  /** Declared other names; case twins are not among them. */
  aliases: string[];
  /** Every other accepted spelling. */
  spellings: string[];
  local: boolean;
  example?: { lua: string; javascript: string } | undefined;
}

/** A class: a handle or a builder. Its methods are called with `:` in Lua. */
export interface ApiClass {
  name: string;
  doc: string;
  /** The kind of handle; absent for builders. */
  kind?: string;
  fields: FieldNode[];
  methods: ApiFunction[];
}

/** A global with the classes and named types that it introduces. */
export interface ApiGlobal {
  name: string;
  doc: string;
  functions: ApiFunction[];
  /** The type of unknown keys. */
  index?: TypeNode | undefined;
  classes: ApiClass[];
  types: ApiType[];
}

/** An object type with a name of its own. */
export interface ApiType {
  name: string;
  doc: string;
  type: TypeNode;
}

/** Everything a script can see, in alphabetical order of the globals. */
export function apiOf(definitions: readonly GlobalDefinition[]): ApiGlobal[] {
  const reader = new TypeReader();
  const visible = definitions.filter(({ hidden }) => !hidden);
  const globals = visible.map((definition) => new GlobalReader(definition, reader).read());
  for (const [name, entry] of reader.named) {
    globals.find((global) => global.name === reader.ownerOf(name))!.types.push({ name, ...entry });
  }
  return globals;
}

/** Reads one global; its named types are dealt out when all globals are read. */
class GlobalReader {
  private readonly builders = new Map<BuilderDefinition, ApiClass>();

  constructor(
    private readonly definition: GlobalDefinition,
    private readonly types: TypeReader,
  ) {}

  read(): ApiGlobal {
    const { name, doc, handles = [] } = this.definition;
    this.types.begin(name);
    const members = Object.entries(this.definition.members).filter(([member]) => !member.startsWith('@'));
    const functions = this.functionsOf(members);
    const classes = [...handles.map((handle) => this.handleClass(handle)), ...this.builders.values()];
    const index = members.find(([, { index: answers }]) => answers)?.[1];
    return {
      name,
      doc: tidy(doc),
      functions,
      index: index?.returns && withoutNull(this.types.read(index.returns, 'output').type),
      classes,
      types: [],
    };
  }

  private functionsOf(members: [string, MemberDefinition][]): ApiFunction[] {
    const names = members.map(([name]) => name);
    return members.map(([name, member]) => this.functionOf(name, member, names));
  }

  private functionOf(name: string, member: MemberDefinition, names: readonly string[]): ApiFunction {
    const result = this.resultOf(name, member);
    const spellings = ownSpellings(name, member.aliases, names);
    return {
      name,
      doc: tidy(member.doc),
      params: optionalAtTheEnd(
        Object.entries(member.params).map(([param, schema]) =>
          field(param, this.types.read(schema, 'input')),
        ),
      ),
      returns: result.type,
      returnsDoc: tidy(result.doc),
      aliases: (member.aliases ?? []).filter((alias) => spellings.includes(alias)),
      spellings,
      local: member.where === 'isolate',
      example: member.example,
    };
  }

  private resultOf(name: string, { builder, returns }: MemberDefinition): DescribedType {
    if (builder)
      return {
        type: { kind: 'named', name: this.builderClass(name, builder).name },
        doc: '',
        optional: false,
      };
    if (!returns) return { type: { kind: 'nothing' }, doc: '', optional: false };
    const result = this.types.read(returns, 'output');
    return result.optional ? { ...result, type: unionOf([result.type, { kind: 'null' }]) } : result;
  }

  private handleClass(handle: HandleDefinition): ApiClass {
    const fields = Object.entries(handle.fields).map(([name, { doc, type }]) => ({
      ...field(name, this.types.read(type, 'output')),
      doc: tidy(doc),
    }));
    const methods = this.functionsOf(Object.entries(handle.methods));
    return { name: handleName(handle.kind), kind: handle.kind, doc: tidy(handle.doc), fields, methods };
  }

  /** Members that share a builder definition share its class. */
  private builderClass(member: string, builder: BuilderDefinition): ApiClass {
    const known = this.builders.get(builder);
    if (known) return known;
    const { name: global } = this.definition;
    const name = `${global}${member === 'builder' ? '' : pascalCase(member)}Builder`;
    const made: ApiClass = {
      name,
      doc: `Gathers what \`${global}.${member}\` needs. Setters can be chained.`,
      fields: [],
      methods: [],
    };
    this.builders.set(builder, made);
    made.methods.push(...this.setters(name, builder), ...this.finishers(builder));
    return made;
  }

  private setters(self: string, builder: BuilderDefinition): ApiFunction[] {
    return Object.entries(builder.setters).map(([name, { doc, type, action }]) => {
      const value = { ...field('value', this.types.read(type, 'input')), doc: '' };
      return {
        ...builderMethod(name, doc, builder),
        params: action === 'fix' ? [] : [value],
        returns: { kind: 'named', name: self },
      };
    });
  }

  private finishers(builder: BuilderDefinition): ApiFunction[] {
    return Object.entries(builder.finish).map(([name, target]) => {
      const member = this.definition.members[target];
      if (!member)
        throw new Error(`${this.definition.name}: no member '${target}' for the builder's '${name}'`);
      const { type, doc } = this.resultOf(target, member);
      return { ...builderMethod(name, member.doc, builder), returns: type, returnsDoc: tidy(doc) };
    });
  }
}

function builderMethod(name: string, doc: string, builder: BuilderDefinition): ApiFunction {
  const names = [...Object.keys(builder.setters), ...Object.keys(builder.finish)];
  const aliases = Object.entries(builder.aliases ?? {}).flatMap(([alias, real]) =>
    real === name ? [alias] : [],
  );
  return {
    name,
    doc: tidy(doc),
    params: [],
    returns: { kind: 'nothing' },
    returnsDoc: '',
    aliases,
    spellings: ownSpellings(name, aliases, names),
    local: true,
  };
}

function field(name: string, { type, doc, optional }: DescribedType): FieldNode {
  return { name, type, optional, doc: tidy(doc) };
}

/** Only trailing parameters can be left out; one before a required parameter takes nil instead. */
function optionalAtTheEnd(params: FieldNode[]): FieldNode[] {
  const lastRequired = params.findLastIndex(({ optional }) => !optional);
  return params.map((param, index) =>
    param.optional && index < lastRequired
      ? { ...param, optional: false, type: unionOf([param.type, { kind: 'null' }]) }
      : param,
  );
}

function withoutNull(type: TypeNode): TypeNode {
  if (type.kind !== 'union') return type;
  return unionOf(type.options.filter(({ kind }) => kind !== 'null'));
}

const tidy = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
