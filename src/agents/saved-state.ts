import { z } from 'zod';
import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import type { JsonObject, JsonValue } from '../core/values.js';
import type { AgentStore } from './contract.js';
import type { Turn } from './conversation.js';

/** The key, within an agent's own scope, of everything that is saved of it: one record, so saving is atomic. */
const KEY = 'agent_state';

const toolCall = z.object({ id: z.string(), name: z.string(), arguments: z.record(z.string(), z.json()) });
const media = z.object({ mediaType: z.string(), data: z.string() });

const message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), text: z.string() }),
  z.object({ role: z.literal('user'), text: z.string(), media: z.array(media).exactOptional() }),
  z.object({ role: z.literal('assistant'), text: z.string(), toolCalls: z.array(toolCall).exactOptional() }),
  z.object({
    role: z.literal('tool'),
    callId: z.string(),
    name: z.string(),
    text: z.string(),
    isError: z.boolean().exactOptional(),
  }),
]);

const savedState = z.object({
  version: z.literal(1),
  turns: z.array(z.array(message).min(1)),
  metadata: z.record(z.string(), z.unknown()),
});

/** The state scope of an agent. */
export function agentScope(id: string): string {
  return `agent:${id}`;
}

/** Saves the conversation, without secrets, and some metadata under the agent's scope. @throws `state.*` and `storage.*`. */
export async function saveAgent(
  store: AgentStore | undefined,
  id: string,
  turns: readonly Turn[],
  metadata: JsonObject,
  context: ExecutionContext,
): Promise<void> {
  const to = configured(store);
  const state = { version: 1, turns: await to.redact(turns as unknown as JsonValue), metadata };
  await to.save(agentScope(id), KEY, state, context);
}

/**
 * The saved conversation, or undefined when nothing was saved.
 * @throws `storage.failed` when what was saved is not a conversation.
 */
export async function loadAgent(
  store: AgentStore | undefined,
  id: string,
  context: ExecutionContext,
): Promise<Turn[] | undefined> {
  const raw = await configured(store).load(agentScope(id), KEY, context);
  if (raw === undefined || raw === null) return undefined;
  const checked = savedState.safeParse(raw);
  if (checked.success) return checked.data.turns;
  throw fail('storage.failed', `The saved state of agent '${id}' cannot be read: ${checked.error.message}`, {
    hint: 'Delete it with agent:delete_state() and save it anew.',
  });
}

/** Deletes what was saved; false when there was nothing. */
export async function deleteAgent(
  store: AgentStore | undefined,
  id: string,
  context: ExecutionContext,
): Promise<boolean> {
  return configured(store).delete(agentScope(id), KEY, context);
}

function configured(store: AgentStore | undefined): AgentStore {
  if (store) return store;
  throw fail('storage.unavailable', 'State manager not configured', {
    hint: 'Set runtime.state_persistence.enabled = true in llmspell.toml.',
  });
}
