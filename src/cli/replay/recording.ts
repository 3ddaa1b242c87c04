import { Recorder } from '../../kernel/recorder.js';
import { codeHash } from '../../kernel/recording.js';
import type { NamedToken } from '../../kernel/secret-tokens.js';
import type { SessionMode } from '../../kernel/session.js';

type MakeTape = NonNullable<SessionMode['tape']>;

/** Makes the recorder of a session. */
export function recorderFor(
  path: string,
  inherited?: ReadonlyMap<string, NamedToken>,
): (...args: Parameters<MakeTape>) => Recorder {
  return ({ language, source }, seed, { secrets }) => {
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const header = { llmspell: 2, language, source, hash: codeHash(source.code), seed, timezone } as const;
    return new Recorder(path, header, secrets, inherited);
  };
}
