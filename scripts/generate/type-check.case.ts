import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { initFiles } from '../../src/cli/init-files.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Checks spells as an editor does in a project that `llmspell init` made, against the given declarations. */
export class SpellChecker {
  private readonly known = new Map<string, ts.SourceFile | undefined>();
  private readonly types = join(root, 'types/llmspell.d.ts');
  private readonly options: ts.CompilerOptions;

  constructor(private readonly declarations: string) {
    const settings = JSON.parse(initFiles({ typesDir: 'types' })['jsconfig.json']!);
    const { options, errors } = ts.convertCompilerOptionsFromJson(
      settings.compilerOptions,
      root,
      'jsconfig.json',
    );
    if (errors.length > 0) throw new Error(errors.map(textOf).join('\n'));
    this.options = { ...options, allowJs: true };
  }

  /** What is wrong with a spell; nothing when all is well. `strict` checks as the strictest settings do. */
  problems(name: string, text: string, strict = false): string[] {
    const options = strict ? { ...this.options, strictNullChecks: true, noImplicitAny: true } : this.options;
    const path = join(root, name);
    const program = ts.createProgram([this.types, path], options, this.host({ [path]: text }, options));
    const problems = ts.getPreEmitDiagnostics(program, program.getSourceFile(path));
    return [...program.getOptionsDiagnostics(), ...problems].map(textOf);
  }

  /** What is wrong with the declarations themselves. */
  declarationProblems(): string[] {
    const program = ts.createProgram([this.types], this.options, this.host({}, this.options));
    return ts.getPreEmitDiagnostics(program, program.getSourceFile(this.types)).map(textOf);
  }

  /** A compiler's host that finds texts in memory and reads the language's own library once. */
  private host(texts: Record<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
    const host = ts.createCompilerHost(options);
    const read = host.getSourceFile.bind(host);
    const given: Record<string, string> = { ...texts, [this.types]: this.declarations };
    host.getSourceFile = (name, language) => {
      if (Object.hasOwn(given, name)) return ts.createSourceFile(name, given[name]!, language);
      if (!this.known.has(name)) this.known.set(name, read(name, language));
      return this.known.get(name);
    };
    return host;
  }
}

function textOf({ messageText, file, start }: ts.Diagnostic): string {
  const line = file && start !== undefined ? `${file.getLineAndCharacterOfPosition(start).line + 1}: ` : '';
  return line + ts.flattenDiagnosticMessageText(messageText, '\n');
}
