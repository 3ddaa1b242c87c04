import { transform } from 'sucrase';
import { fail, type LlmspellError } from '../../core/errors.js';

/**
 * JavaScript from TypeScript: types are removed, every line stays where it is, nothing is checked.
 * @throws `script.syntax` with the position of what could not be parsed.
 */
export function stripTypes(code: string, name: string): string {
  try {
    return transform(code, { transforms: ['typescript'], disableESTransforms: true }).code;
  } catch (thrown) {
    throw syntaxError(thrown as Error & { loc?: { line: number; column: number } }, name);
  }
}

function syntaxError(error: Error & { loc?: { line: number; column: number } }, file: string): LlmspellError {
  const text = error.message.replace(/ \(\d+:\d+\)$/, '').replace(/^Error transforming [^:]*: /, '');
  const { line, column } = error.loc ?? { line: 1, column: 1 };
  return fail('script.syntax', `${file}:${line}:${column}: ${text}`, { details: { file, line, column } });
}
