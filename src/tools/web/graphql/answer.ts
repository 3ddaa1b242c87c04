import { fail } from '../../../core/errors.js';
import { isRecord, type JsonObject, type JsonValue } from '../../../core/values.js';
import type { GuardedResponse } from '../../../security/network.js';

/** What a GraphQL server answers. */
export interface GraphqlAnswer extends JsonObject {
  data?: JsonValue;
  errors?: JsonValue[];
  extensions?: JsonValue;
}

/** The most characters of an answer that is none that are shown. */
const SHOWN = 200;

/** The answer in an HTTP response. @throws `tool.failed` for anything else, naming the status */
export function answerIn(response: GuardedResponse): GraphqlAnswer {
  const text = new TextDecoder().decode(response.body);
  const answer = graphqlAnswer(parsed(text));
  if (answer) return answer;
  const ok = response.status >= 200 && response.status < 300;
  const shown = text.trim().slice(0, SHOWN);
  throw fail(
    'tool.failed',
    ok
      ? `The endpoint did not answer with a GraphQL result: ${shown || 'the body is empty'}`
      : `GraphQL request failed: HTTP ${response.status} ${response.statusText} ${shown}`.trim(),
    { details: { status: response.status } },
  );
}

/** The value as an answer; undefined when it is none. */
export function graphqlAnswer(value: unknown): GraphqlAnswer | undefined {
  if (!isRecord(value) || (!('data' in value) && !Array.isArray(value.errors))) return undefined;
  const { data, errors, extensions } = value as GraphqlAnswer;
  return {
    ...(data !== undefined && { data }),
    ...(Array.isArray(errors) && { errors }),
    ...(extensions !== undefined && { extensions }),
  };
}

/** The messages of the errors as one sentence; undefined when there are none. */
export function errorMessage(errors: JsonValue | undefined): string | undefined {
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  const messages = errors.map((error) =>
    isRecord(error) && typeof error.message === 'string' ? error.message : JSON.stringify(error),
  );
  const shown = messages.slice(0, 3).join('; ');
  return `GraphQL errors: ${shown}${messages.length > 3 ? ` and ${messages.length - 3} more` : ''}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
