import { z } from 'zod';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const;

/** The `method` parameter of web tools, in any case. */
export const methodParameter = (usual: (typeof METHODS)[number]) =>
  z
    .string()
    .default(usual)
    .transform((method) => method.toUpperCase())
    .pipe(z.enum(METHODS, { error: ({ input }) => `Unknown HTTP method '${String(input)}'` }))
    .describe(`${METHODS.slice(0, -1).join(', ')} or ${METHODS.at(-1)}.`);

/** A table of header values or form fields; numbers and booleans become text. */
export const textTable = () =>
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));

/** The `headers` parameter of web tools. */
export const headersParameter = () => textTable().default({}).describe('Request headers.');

/** The headers with names in lower case; of two that differ only in case the last one holds. */
export function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
