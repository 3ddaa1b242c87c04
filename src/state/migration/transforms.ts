import type { ExecutionContext } from '../../core/context.js';
import { isRecord, type ScriptValue, setOwn } from '../../core/values.js';
import { convert } from './convert.js';
import type { CustomTransform, Transform } from './schema.js';

type Fields = Record<string, ScriptValue>;
type FieldTransform = Exclude<Transform, { kind: 'custom' }>;

/** What the transforms of a value need. */
export interface TransformSurroundings {
  readonly key: string;
  readonly context: ExecutionContext;
  /** The function of that name. @throws `migration.invalid` */
  custom(name: string): CustomTransform;
}

/** A value that has no fields. */
export const NO_FIELDS = Symbol('no fields');

/**
 * The value after all transforms, in their order. What it was given stays as it is.
 * @returns {@link NO_FIELDS} when a transform of fields meets a value without any.
 */
export async function transformed(
  value: ScriptValue,
  transforms: readonly Transform[],
  around: TransformSurroundings,
): Promise<ScriptValue | typeof NO_FIELDS> {
  let current = value;
  for (const transform of transforms) {
    if (transform.kind === 'custom') {
      const apply = transform.apply ?? around.custom(transform.name ?? '');
      current = (await apply(structuredClone(current), around.key, around.context)) ?? null;
      continue;
    }
    if (!isTable(current)) return NO_FIELDS;
    const fields = Array.isArray(current) ? {} : copyOf(current as Fields);
    change(fields, transform);
    current = fields;
  }
  return current;
}

function isTable(value: ScriptValue): boolean {
  return isRecord(value) || (Array.isArray(value) && value.length === 0);
}

function change(fields: Fields, transform: FieldTransform): void {
  switch (transform.kind) {
    case 'copy':
      return put(fields, transform.to, read(fields, transform.from));
    case 'convert': {
      const old = read(fields, transform.field);
      if (old !== undefined) put(fields, transform.to ?? transform.field, converted(old, transform));
      return;
    }
    case 'default':
      if ((read(fields, transform.field) ?? null) === null) put(fields, transform.field, transform.value);
      return;
    case 'remove':
      return remove(fields, transform.field);
    case 'split':
      return split(fields, transform);
    case 'merge':
      return merge(fields, transform);
  }
}

function converted(old: ScriptValue, { field, type }: Extract<Transform, { kind: 'convert' }>): ScriptValue {
  try {
    return convert(old, type);
  } catch (thrown) {
    throw new TypeError(`the field ${field}: ${(thrown as Error).message}`);
  }
}

/** The last of the new fields takes what is left. */
function split(fields: Fields, { field, to, separator }: Extract<Transform, { kind: 'split' }>): void {
  const old = read(fields, field);
  if (old === undefined || old === null) return;
  const parts = Array.isArray(old) ? old : String(old).split(separator);
  to.forEach((path, index) => {
    const last = index === to.length - 1 && parts.length > to.length;
    const rest = Array.isArray(old) ? parts.slice(index) : parts.slice(index).join(separator);
    put(fields, path, last ? rest : parts[index]);
  });
}

/** Tables and lists go together as a list, everything else as text. */
function merge(fields: Fields, { fields: from, to, separator }: Extract<Transform, { kind: 'merge' }>): void {
  const parts = from.map((path) => read(fields, path)).filter((part) => part !== undefined && part !== null);
  if (parts.length === 0) return;
  const plain = parts.every((part) => typeof part !== 'object' || part instanceof Number);
  put(fields, to, plain ? parts.map(String).join(separator) : (parts.flat(1) as ScriptValue[]));
}

/** A dot leads into a table, unless the name as a whole is that of a field. */
function read(fields: Fields, path: string): ScriptValue | undefined {
  if (Object.hasOwn(fields, path)) return fields[path];
  const [head, rest] = parted(path);
  const inner = rest !== undefined && Object.hasOwn(fields, head) ? fields[head] : undefined;
  return isRecord(inner) ? read(inner as Fields, rest!) : undefined;
}

function put(fields: Fields, path: string, value: ScriptValue | undefined): void {
  if (value === undefined) return;
  const [head, rest] = parted(path);
  if (rest === undefined || Object.hasOwn(fields, path)) return setOwn<ScriptValue>(fields, path, value);
  const present = Object.hasOwn(fields, head) ? fields[head] : undefined;
  const inner = isRecord(present) ? copyOf(present as Fields) : {};
  put(inner, rest, value);
  setOwn<ScriptValue>(fields, head, inner);
}

function remove(fields: Fields, path: string): void {
  if (Object.hasOwn(fields, path)) {
    delete fields[path];
    return;
  }
  const [head, rest] = parted(path);
  const inner = rest !== undefined && Object.hasOwn(fields, head) ? fields[head] : undefined;
  if (!isRecord(inner)) return;
  const copy = copyOf(inner as Fields);
  remove(copy, rest!);
  setOwn<ScriptValue>(fields, head, copy);
}

function parted(path: string): [head: string, rest?: string] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path] : [path.slice(0, dot), path.slice(dot + 1)];
}

function copyOf(fields: Fields): Fields {
  const copy: Fields = {};
  for (const key of Object.keys(fields)) setOwn<ScriptValue>(copy, key, fields[key]!);
  return copy;
}
