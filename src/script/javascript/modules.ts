import path from 'node:path';
import { fail, LlmspellError } from '../../core/errors.js';
import type { EngineHost } from '../engine.js';
import { PRELUDE } from './frames.js';
import { syntax } from './lazy-syntax.js';

const EXTENSIONS = ['.js', '.mjs', '.ts', '.mts', '.json'];
const NOT_FOUND = new Set(['script.module_not_found', 'script.not_found']);

interface Module {
  name: string;
  code: string;
  /** Where its own relative imports start. */
  directory: string;
}

/** Finds and reads the files that scripts import. The kernel reads them, and checks whether it may. */
export class ModuleLoader {
  private generation = 0;
  /** By absolute path; emptied when a new generation begins. */
  private readonly byPath = new Map<string, Module>();
  private readonly byName = new Map<string, Module>();
  /** Directories of the scripts that were run, by the name they run under. */
  private readonly directories = new Map<string, string>();
  /** Why a request could not be resolved, by the name it was given. */
  private readonly failures = new Map<string, unknown>();
  private current = '.';

  constructor(private readonly host: EngineHost) {}

  /**
   * A source is about to run. The machine keeps modules by name for as long as it lives, so a file that may have
   * changed since is imported under a new name: the number of this generation behind it.
   */
  begin(name: string, directory: string | undefined, fresh: boolean): void {
    if (fresh && this.byPath.size > 0) {
      this.generation++;
      this.byPath.clear();
      this.failures.clear();
    }
    this.current = directory ?? this.current;
    this.directories.set(name, this.current);
  }

  /**
   * The name under which `request`, written in the module or script `base`, is loaded. Never throws, since the
   * machine cannot take an error here: {@link source} raises it when it is asked for the name given instead.
   */
  resolve(base: string, request: string): string {
    try {
      return this.find(base, request).name;
    } catch (thrown) {
      const name = `${PRELUDE}unresolved/${this.failures.size + 1}`;
      this.failures.set(name, thrown);
      return name;
    }
  }

  /** The source of a module that {@link resolve} named. */
  source(name: string): string {
    if (this.failures.has(name)) throw this.failures.get(name);
    return this.byName.get(name)!.code;
  }

  private find(base: string, request: string): Module {
    if (!/^(?:\.{1,2})?\//.test(request)) throw notAFile(request);
    const directory = this.byName.get(base)?.directory ?? this.directories.get(base) ?? this.current;
    for (const candidate of candidates(request)) {
      const found = this.load(candidate, directory);
      if (found) return found;
    }
    throw fail('script.module_not_found', `Cannot find module '${request}' imported from '${base}'`, {
      hint: 'The path is relative to the importing file.',
      details: { module: request, importer: base, tried: candidates(request) },
    });
  }

  private load(request: string, directory: string): Module | undefined {
    const file = path.resolve(directory, request);
    const known = this.byPath.get(file);
    if (known) return known;
    const [text, shown] = this.read(request, directory) ?? [];
    if (text === undefined) return undefined;
    const module = {
      name: this.nameFor(shown ?? request),
      code: toCode(text, file, shown ?? request),
      directory: path.dirname(file),
    };
    this.byPath.set(file, module);
    this.byName.set(module.name, module);
    return module;
  }

  private read(request: string, directory: string): [string, string] | undefined {
    try {
      return this.host.call('@host.source', undefined, [request, { base: directory }]) as [string, string];
    } catch (thrown) {
      if (thrown instanceof LlmspellError && NOT_FOUND.has(thrown.code)) return undefined;
      throw thrown;
    }
  }

  private nameFor(shown: string): string {
    return this.generation === 0 ? shown : `${shown}?${this.generation}`;
  }
}

/** What `request` may mean, in order: itself, with an extension, a directory's index. */
function candidates(request: string): string[] {
  const extension = path.extname(request);
  if (extension === '.js') return [request, `${request.slice(0, -3)}.ts`];
  if (EXTENSIONS.includes(extension)) return [request];
  return [`${request}.js`, `${request}.ts`, `${request}/index.js`, `${request}/index.ts`, `${request}.json`];
}

function toCode(text: string, file: string, name: string): string {
  if (/\.m?ts$/.test(file)) return syntax().stripTypes(text, name);
  return file.endsWith('.json') ? `export default JSON.parse(${JSON.stringify(text)});` : text;
}

function notAFile(request: string): LlmspellError {
  return fail('script.module_not_found', `Cannot find module '${request}': only files can be imported`, {
    hint: `Write './${request.replace(/^node:/, '')}.js' for a file beside the script; the globals need no import.`,
    details: { module: request },
  });
}
