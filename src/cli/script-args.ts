import { basename } from 'node:path';
import type { ScriptArgs } from '../script/protocol.js';

/**
 * A script's own arguments. `--name value` and `--name=value` are named, `--name` before another option or at
 * the end is `"true"`, everything else is positional. Values are text.
 */
export function scriptArgs(script: string, tokens: readonly string[]): ScriptArgs {
  const args: ScriptArgs = { script: basename(script), positional: [], named: {} };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (!token.startsWith('--') || token === '--') {
      args.positional.push(token);
      continue;
    }
    const body = token.replace(/^-+/, '');
    const equals = body.indexOf('=');
    const next = tokens[at + 1];
    if (equals > 0) setNamed(args, body.slice(0, equals), body.slice(equals + 1));
    else if (next !== undefined && !next.startsWith('--')) setNamed(args, body, tokens[++at]!);
    else setNamed(args, body, 'true');
  }
  return args;
}

function setNamed(args: ScriptArgs, name: string, value: string): void {
  Object.defineProperty(args.named, name, { value, enumerable: true, writable: true, configurable: true });
}
