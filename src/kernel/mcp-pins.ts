import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRecord } from '../core/values.js';
import type { Pin, PinStore } from '../tools/mcp/pins.js';
import { dataDirectory } from './paths.js';

/** The accepted tool lists of MCP servers, in a file of the user. */
export function pinFile(env: Readonly<Record<string, string | undefined>>): PinStore {
  const file = join(dataDirectory(env), 'mcp-pins.json');
  const all = () => readPins(file);
  return {
    load: (server) => (Object.hasOwn(all(), server) ? all()[server] : undefined),
    save: (server, pin) => writePins(file, { ...all(), [server]: pin }),
  };
}

/** @throws when the file is there but is no list of pins: overwriting it would accept whatever servers offer now. */
function readPins(file: string): Record<string, Pin> {
  if (!existsSync(file)) return {};
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isRecord(parsed)) throw new SyntaxError(`${file} is not a list of pins`);
  return parsed as Record<string, Pin>;
}

function writePins(file: string, pins: Record<string, Pin>): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(pins, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, file);
}
