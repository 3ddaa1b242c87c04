import { compare, valid } from 'semver';
import { fail } from '../../core/errors.js';
import {
  type CustomTransform,
  parseSchema,
  type StateSchema,
  type StateSchemaInput,
  type Transform,
} from './schema.js';

/** One step of a migration: from the entries of one schema to those of another. */
export interface MigrationStep {
  readonly from: StateSchema;
  readonly to: StateSchema;
  readonly transforms: readonly Transform[];
}

/** Schemas by version, and the ways between them. */
export class Schemas {
  private readonly byVersion = new Map<string, StateSchema>();

  /** @param transforms the functions that schemas in files name. */
  constructor(private readonly transforms: Readonly<Record<string, CustomTransform>> = {}) {}

  /** Adds a schema, in place of an earlier one of its version; its version. @throws `migration.invalid` */
  register(given: StateSchemaInput | unknown, where = 'a spell'): string {
    const schema = parseSchema(given, where);
    for (const step of schema.migrations) this.check(schema, step);
    this.byVersion.set(schema.version, schema);
    return schema.version;
  }

  /** All versions, ascending. */
  versions(): string[] {
    return [...this.byVersion.keys()].sort(compare);
  }

  /** The schema of a version. @throws `migration.not_found` */
  get(version: string): StateSchema {
    const schema = this.byVersion.get(version);
    if (schema) return schema;
    const known = this.versions().join(', ') || 'none';
    throw fail('migration.not_found', `There is no schema of version ${version}; there are: ${known}`);
  }

  /** The function of that name. @throws `migration.invalid` */
  custom(name: string): CustomTransform {
    const found = Object.hasOwn(this.transforms, name) ? this.transforms[name] : undefined;
    if (found) return found;
    throw fail('migration.invalid', `There is no transform function ${JSON.stringify(name)}`, {
      hint: 'Functions are named by the program that embeds llmspell; a spell gives its own as `apply`.',
    });
  }

  /**
   * The shortest way between two versions; none when they are the same.
   * @throws `migration.not_found` for an unknown version, `migration.invalid` when no way leads there.
   */
  path(from: string, to: string): MigrationStep[] {
    const goal = this.get(to);
    const ways = new Map<string, MigrationStep[]>([[this.get(from).version, []]]);
    const steps = this.steps();
    for (const [version, way] of ways) {
      if (version === goal.version) return way;
      for (const step of steps)
        if (step.from.version === version && !ways.has(step.to.version))
          ways.set(step.to.version, [...way, step]);
    }
    throw fail('migration.invalid', `No way of migrations leads from version ${from} to ${to}`, {
      hint: 'Describe the missing step under `migrations` of a schema.',
      details: { from, to },
    });
  }

  /** The versions that can be reached from one. */
  targets(from: string): string[] {
    return this.versions().filter((to) => {
      if (to === from) return false;
      try {
        return this.path(from, to).length > 0;
      } catch {
        return false;
      }
    });
  }

  /** The steps that are described, and those that need no description: new fields that have a default. */
  private steps(): MigrationStep[] {
    const described = [...this.byVersion.values()].flatMap((schema) =>
      schema.migrations.flatMap(({ from = schema.version, to = schema.version, transforms }) => {
        const [source, target] = [this.byVersion.get(from), this.byVersion.get(to)];
        return source && target ? [{ from: source, to: target, transforms }] : [];
      }),
    );
    return [...described, ...this.implied(described)];
  }

  private implied(described: readonly MigrationStep[]): MigrationStep[] {
    const schemas = this.versions().map((version) => this.get(version));
    return schemas.slice(1).flatMap((to, index) => {
      const from = schemas[index]!;
      if (to.compatibility !== 'BackwardCompatible') return [];
      return described.some((step) => step.from === from && step.to === to)
        ? []
        : [{ from, to, transforms: defaultsOf(to) }];
    });
  }

  private check(
    { version }: StateSchema,
    { from = version, to = version, transforms }: StateSchema['migrations'][number],
  ): void {
    if (from === to)
      throw fail('migration.invalid', `A migration of version ${version} leads nowhere`, {
        hint: 'It has either `to`, where it leads from this version, or `from`, where it comes from.',
      });
    for (const transform of transforms)
      if (transform.kind === 'custom' && !transform.apply) this.custom(transform.name ?? '');
  }
}

function defaultsOf({ fields }: StateSchema): Transform[] {
  return Object.entries(fields).flatMap(([field, { default: value }]) =>
    value === undefined ? [] : [{ kind: 'default' as const, field, value }],
  );
}

/** A version in its usual spelling, without a build part: by the rules of versions that says nothing. @throws `migration.invalid` */
export function versionOf(text: string): string {
  const version = valid(text);
  if (version === null)
    throw fail('migration.invalid', `Invalid version '${text}': it is not a semantic version`, {
      hint: 'A version has three numbers: 2.0.0, 2.0.0-beta.1',
    });
  return version;
}
