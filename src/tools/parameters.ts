import { z } from 'zod';

/** What the value of a parameter reaches for. The tests against hostile input take every parameter from here. */
export type Reach = 'read' | 'write' | 'url' | 'host' | 'program' | 'variable' | 'database' | 'archive';

/** The key under which a schema carries its {@link Reach}. */
export const REACH = 'x-reach';

/** A file or folder that is read. */
export const readPath = (about: string) => reaching('read', about);
/** A file or folder that is written. */
export const writePath = (about: string) => reaching('write', about);
/** An archive that is opened: a path that is read, whose entries are paths too. */
export const archivePath = (about: string) => reaching('archive', about);
/** An http or https address. */
export const urlText = (about: string) => reaching('url', about);
/** A host, with or without its port. */
export const hostText = (about: string) => reaching('host', about);
/** A program to start. */
export const programName = (about: string) => reaching('program', about);
/** The name of an environment variable. */
export const variableName = (about: string) => reaching('variable', about);
/** The address of a database. */
export const databaseUrl = (about: string) => reaching('database', about);

function reaching(reach: Reach, about: string) {
  return z
    .string()
    .describe(about)
    .meta({ [REACH]: reach });
}

/** The parameters of a tool that reach outside, by name; those inside lists and unions count too. */
export function reachingParameters(schema: z.ZodType): Map<string, Reach> {
  const { properties = {} } = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as {
    properties?: Record<string, unknown>;
  };
  const found = new Map<string, Reach>();
  for (const [name, property] of Object.entries(properties)) {
    const match = new RegExp(`"${REACH}":"(\\w+)"`).exec(JSON.stringify(property));
    if (match) found.set(name, match[1] as Reach);
  }
  return found;
}
