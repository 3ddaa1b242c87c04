import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where data that outlives a run is kept: `LLMSPELL_HOME`, else the platform's own place for a user's data
 * (XDG on Linux).
 */
export function dataDirectory(env: Environment): string {
  if (env.LLMSPELL_HOME) return resolve(env.LLMSPELL_HOME);
  if (process.platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'llmspell');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'llmspell');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'llmspell');
}
