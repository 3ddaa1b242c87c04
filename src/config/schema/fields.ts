import { z } from 'zod';

// The vocabulary in which the sections are written. Every field carries its sentence of documentation, which the
// JSON Schema, the reference and the file that `config init` writes all repeat.

/** `true` or `false`. */
export const flag = (about: string) => z.boolean().describe(about);

/** A whole number, at least 1 unless told otherwise: zero would switch off what it limits. */
export const count = (about: string, min = 1) => z.int().min(min).describe(about);

/** A number, fractions allowed. */
export const real = (about: string, min: number, max?: number) =>
  (max === undefined ? z.number().min(min) : z.number().min(min).max(max)).describe(about);

/** A number above zero, fractions allowed. */
export const positive = (about: string) => z.number().positive().describe(about);

/** Text that is not empty. */
export const text = (about: string) => z.string().min(1).describe(about);

/** One of the given words. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words, about: string) =>
  z.enum(words).describe(about);

/** A list of texts. */
export const list = (about: string) => z.array(z.string()).describe(about);

/** A table with exactly these keys. */
export const table = <Shape extends z.ZodRawShape>(about: string, shape: Shape) =>
  z.strictObject(shape).describe(about);

/** A table with these keys and others, whose values have the shape of `rest`. */
export const openTable = <Shape extends z.ZodRawShape, Rest extends z.ZodType>(
  about: string,
  shape: Shape,
  rest: Rest,
) => z.object(shape).catchall(rest).describe(about);

/** A table of any content, for extensions that read their own settings. */
export const freeTable = (about: string) => z.record(z.string(), z.unknown()).describe(about);

/** A table that only counts when it is written; each of its keys may be left out. */
export const optionalTable = <Shape extends z.ZodRawShape>(about: string, shape: Shape) =>
  z.strictObject(shape).partial().describe(about).optional();
