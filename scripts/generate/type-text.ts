/** A type as the generator knows it, of no language in particular. */
export type TypeNode =
  | { kind: 'any' | 'nothing' | 'null' | 'string' | 'number' | 'integer' | 'boolean' }
  | { kind: 'literal'; value: string | number | boolean }
  | { kind: 'list'; item: TypeNode }
  | { kind: 'tuple'; items: TypeNode[] }
  | { kind: 'record'; value: TypeNode }
  | { kind: 'object'; fields: FieldNode[]; rest?: TypeNode | undefined }
  | { kind: 'union'; options: TypeNode[] }
  | { kind: 'function'; params: FieldNode[]; returns: TypeNode; method?: boolean }
  | { kind: 'named'; name: string };

/** A field of an object, or a parameter of a function. */
export interface FieldNode {
  name: string;
  type: TypeNode;
  optional: boolean;
  doc: string;
}

/** The union of some types; `any` swallows the others. */
export function unionOf(options: TypeNode[]): TypeNode {
  if (options.length === 1) return options[0]!;
  return options.some(({ kind }) => kind === 'any') ? { kind: 'any' } : { kind: 'union', options };
}

/** The names of other types that a type mentions, each once. */
export function namesIn(type: TypeNode): string[] {
  return [...new Set(type.kind === 'named' ? [type.name] : partsOf(type).flatMap(namesIn))];
}

function partsOf(type: TypeNode): TypeNode[] {
  switch (type.kind) {
    case 'list':
      return [type.item];
    case 'tuple':
      return type.items;
    case 'record':
      return [type.value];
    case 'object':
      return [...type.fields.map((field) => field.type), ...(type.rest ? [type.rest] : [])];
    case 'union':
      return type.options;
    case 'function':
      return [...type.params.map((param) => param.type), type.returns];
    default:
      return [];
  }
}

/** The type as TypeScript text. */
export function typeScriptText(type: TypeNode): string {
  switch (type.kind) {
    case 'nothing':
      return 'void';
    case 'integer':
      return 'number';
    case 'literal':
      return typeof type.value === 'string' ? quote(type.value) : String(type.value);
    case 'list':
      return `${grouped(type.item, typeScriptText)}[]`;
    case 'tuple':
      return `[${type.items.map(typeScriptText).join(', ')}]`;
    case 'record':
      return `Record<string, ${typeScriptText(type.value)}>`;
    case 'object':
      return braces([...type.fields.map(typeScriptField), ...typeScriptRest(type.rest)], '; ');
    case 'union':
      return type.options.map((option) => grouped(option, typeScriptText, ['function'])).join(' | ');
    case 'function':
      return `(${type.params.map(typeScriptField).join(', ')}) => ${typeScriptText(type.returns)}`;
    case 'named':
      return type.name;
    default:
      return type.kind;
  }
}

function typeScriptField({ name, type, optional }: FieldNode): string {
  return `${name}${optional ? '?' : ''}: ${typeScriptText(type)}`;
}

function typeScriptRest(rest: TypeNode | undefined): string[] {
  return rest ? [`[key: string]: ${typeScriptText(rest)}`] : [];
}

/** The type as LuaCATS text. `self` is the class that methods among the fields belong to. */
export function luaText(type: TypeNode, self?: string): string {
  switch (type.kind) {
    case 'nothing':
    case 'null':
      return 'nil';
    case 'literal':
      return typeof type.value === 'string' ? quote(type.value) : String(type.value);
    case 'list':
      return `${grouped(type.item, luaText)}[]`;
    case 'tuple':
      return braces(
        type.items.map((item, index) => `[${index + 1}]: ${luaText(item)}`),
        ', ',
      );
    case 'record':
      return `table<string, ${luaText(type.value)}>`;
    case 'object':
      return luaObject(type);
    case 'union':
      return luaUnion(type.options);
    case 'function':
      return luaFunction(type, self);
    case 'named':
      return type.name;
    default:
      return type.kind;
  }
}

function luaObject(type: TypeNode & { kind: 'object' }): string {
  const fields = type.fields.map((field) => `${field.name}: ${luaText(luaFieldType(field))}`);
  return braces([...fields, ...(type.rest ? [`[string]: ${luaText(type.rest)}`] : [])], ', ');
}

/** In Lua an absent field is a nil field. */
function luaFieldType({ type, optional }: FieldNode): TypeNode {
  return optional ? unionOf([type, { kind: 'null' }]) : type;
}

function luaUnion(options: TypeNode[]): string {
  const real = options.filter(({ kind }) => kind !== 'null');
  const text = real.map((option) => grouped(option, luaText, ['function'])).join('|');
  if (real.length === options.length) return text;
  return real.length > 1 ? `(${text})?` : `${text}?`;
}

function luaFunction(type: TypeNode & { kind: 'function' }, self: string | undefined): string {
  const own = self !== undefined && type.method ? [`self: ${self}`] : [];
  const params = type.params.map(
    ({ name, type: of, optional }) => `${name}${optional ? '?' : ''}: ${luaText(of)}`,
  );
  const returns = type.returns.kind === 'nothing' ? '' : `: ${luaText(type.returns)}`;
  return `fun(${[...own, ...params].join(', ')})${returns}`;
}

function grouped(
  type: TypeNode,
  print: (type: TypeNode) => string,
  kinds: TypeNode['kind'][] = ['function', 'union'],
): string {
  return kinds.includes(type.kind) ? `(${print(type)})` : print(type);
}

function braces(parts: string[], separator: string): string {
  return parts.length === 0 ? '{}' : `{ ${parts.join(separator)} }`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
