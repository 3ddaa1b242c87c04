import type { JsonObject } from '../core/values.js';
import type { ArtifactDetails, ArtifactRecord, NewArtifact } from './artifact-record.js';

/** Moments of an artifact at which handlers are only told. */
export type ArtifactMoment = 'accessed' | 'derived';

/** What a hook point of artifacts speaks of. */
export function subjectOf(name: string) {
  return { type: 'Artifact', name } as const;
}

/** The points around a piece of work on an artifact. */
export function pointsOf(work: 'create' | 'modify' | 'delete' | 'validate', name: string) {
  return {
    before: `custom:artifact:before_${work}`,
    after: `custom:artifact:after_${work}`,
    subject: subjectOf(name),
  } as const;
}

/** What handlers see of an artifact. */
export function factsOf(session: string, artifact: NewArtifact | ArtifactRecord): JsonObject {
  const { name, type, description, mimeType, tags = [], custom = {} } = artifact;
  return {
    session_id: session,
    name,
    type,
    description: description ?? null,
    mime_type: mimeType ?? null,
    tags: [...tags],
    custom,
  };
}

/** What handlers made of that. */
export function detailsFrom(data: JsonObject): ArtifactDetails {
  const { description, mime_type, tags, custom } = data;
  return {
    ...(typeof description === 'string' && { description }),
    ...(typeof mime_type === 'string' && { mimeType: mime_type }),
    ...(Array.isArray(tags) && { tags: tags.map(String) }),
    ...(custom && typeof custom === 'object' && !Array.isArray(custom) && { custom }),
  };
}
