import { fail } from '../core/errors.js';
import type { JsonObject } from '../core/values.js';

/** How scripts and other programs name a version of an artifact. */
export interface ArtifactId {
  readonly content_hash: string;
  readonly session_id: string;
  /** The version of its name, from 1. */
  readonly sequence: number;
  /** Which of several names with the same content; the first of them when absent. */
  readonly name?: string | undefined;
}

/** One version of an artifact as it is stored. Its content is a blob. */
export interface ArtifactRecord {
  readonly session: string;
  /** Its place among the artifacts of the session. */
  readonly number: number;
  readonly name: string;
  readonly description?: string | undefined;
  /** `agent_output`, `tool_result`, `user_input`, `system_generated` or any other text. */
  readonly type: string;
  readonly mimeType: string;
  readonly tags: readonly string[];
  readonly custom: JsonObject;
  /** Which version of its name it is, from 1. */
  readonly version: number;
  /** The hash of the version before. */
  readonly previous?: string | undefined;
  /** The hash of the artifact that it was made from. */
  readonly derivedFrom?: string | undefined;
  readonly hash: string;
  /** Bytes of the content. */
  readonly size: number;
  /** Bytes that the content takes up. */
  readonly storedSize: number;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  readonly createdBy?: string | undefined;
}

/** What is said of an artifact when it is stored. */
export interface ArtifactDetails {
  readonly description?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly custom?: JsonObject | undefined;
  readonly createdBy?: string | undefined;
  readonly derivedFrom?: string | undefined;
}

/** A new artifact. */
export interface NewArtifact extends ArtifactDetails {
  readonly type: string;
  readonly name: string;
}

const KNOWN_TYPES: Readonly<Record<string, string>> = {
  agent_output: 'AgentOutput',
  tool_result: 'ToolResult',
  user_input: 'UserInput',
  system_generated: 'SystemGenerated',
};

/** The type as it is stored: known ones whatever their case. @throws `artifact.invalid` */
export function artifactType(text: string): string {
  const word = text.trim().toLowerCase();
  if (word === '') throw fail('artifact.invalid', 'Artifact type cannot be empty');
  const known = Object.keys(KNOWN_TYPES).find((type) => type === word || type.replace('_', '') === word);
  return known ?? text.trim();
}

/** The type as older programs print it. */
export function spelledType(type: string): string {
  return KNOWN_TYPES[type] ?? `Custom(${JSON.stringify(type)})`;
}

/** The id of a version. */
export function idOf({ hash, session, version, name }: ArtifactRecord) {
  return { content_hash: hash, session_id: session, sequence: version, name } satisfies ArtifactId;
}

/** @throws `artifact.invalid` for what could not be stored. */
export function checkArtifact({ name, type, tags = [], mimeType }: NewArtifact): void {
  if (name.length < 1 || name.length > 255)
    throw fail('artifact.invalid', `An artifact's name has 1 to 255 characters, not ${name.length}`);
  if (/[\0\r\n]/.test(name)) throw fail('artifact.invalid', "An artifact's name is one line of text");
  if (type.length > 255)
    throw fail('artifact.invalid', `An artifact's type has at most 255 characters, not ${type.length}`);
  const long = tags.find((tag) => tag.length < 1 || tag.length > 64);
  if (long !== undefined) throw fail('artifact.invalid', `A tag has 1 to 64 characters, not ${long.length}`);
  if (mimeType !== undefined && !/^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/.test(mimeType))
    throw fail('artifact.invalid', `'${mimeType}' is no MIME type`, { hint: 'For example text/plain.' });
}
