import type { Completeness } from '../../script/protocol.js';
import type { ScriptLanguage } from '../language.js';

/** Tells whether code can be executed as it is. */
export type CompletenessCheck = (code: string) => Promise<Completeness>;

/** The code that was entered and did not fail, in order. */
export class Transcript {
  private readonly entries: { language: ScriptLanguage; code: string }[] = [];

  /** Adds an entry. */
  add(language: ScriptLanguage, code: string): void {
    this.entries.push({ language, code });
  }

  /** Forgets everything. */
  clear(): void {
    this.entries.length = 0;
  }

  /** How many entries there are in a language. */
  count(language: ScriptLanguage): number {
    return this.of(language).length;
  }

  /** All entries of a language as one spell that runs from top to bottom. */
  async spell(language: ScriptLanguage, check: CompletenessCheck): Promise<string> {
    const statement = language.language === 'lua' ? luaStatement : javaScriptStatement;
    const comment = language.language === 'lua' ? '--' : '//';
    const parts = [`${comment} Saved from an llmspell session.`];
    for (const code of this.of(language)) parts.push(await statement(code, check));
    return `${parts.join('\n')}\n`;
  }

  private of({ language }: ScriptLanguage): string[] {
    return this.entries.filter((entry) => entry.language.language === language).map(({ code }) => code);
  }
}

/** An entry as it may stand in the middle of a chunk: a bare expression or a `return` would be an error there. */
async function luaStatement(code: string, check: CompletenessCheck): Promise<string> {
  const valid = async (text: string) => (await check(`do end ${text}\ndo end`)) === 'complete';
  if (await valid(code)) return separated(code);
  const discarded = `do local _ = ${code}\nend`;
  return (await valid(discarded)) ? discarded : `;(function()\n${code}\nend)()`;
}

async function javaScriptStatement(code: string, check: CompletenessCheck): Promise<string> {
  if ((await check(`;${code}\n;`)) === 'complete') return separated(code);
  const discarded = `void (\n${code}\n);`;
  return (await check(discarded)) === 'complete' ? discarded : separated(code);
}

/** What begins like the rest of an expression must not continue the line before. */
function separated(code: string): string {
  return /^\s*[([`+\-/]/.test(code) && !/^\s*(--|\/\/|\/\*)/.test(code) ? `;${code}` : code;
}
