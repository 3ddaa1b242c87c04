import type { ExecutionContext } from '../core/context.js';
import { fail } from '../core/errors.js';
import { addUsage, noUsage, type Usage } from '../core/events.js';
import type {
  FinishReason,
  ModelEvent,
  ModelMessage,
  ModelRequest,
  ToolCallRequest,
} from '../providers/model.js';
import type { AgentProgress, ToolCallRecord } from './contract.js';
import { type ToolReply, toolLimit } from './tool-turn.js';

/** What the loop works with; everything that reaches outside comes in here. */
export interface LoopParts {
  /** The request without its messages. */
  request: Omit<ModelRequest, 'messages'>;
  maxToolCalls: number;
  /** Tool calls that count already. */
  callsBefore?: number;
  /** Asks the model. Contract: as `LanguageModel.ask`. */
  converse(request: ModelRequest, context: ExecutionContext): AsyncIterable<ModelEvent>;
  /** Runs a tool. Contract: throws only what must end the run. */
  callTool(call: ToolCallRequest, context: ExecutionContext): Promise<ToolReply>;
}

/** What the loop came to. */
export interface LoopResult {
  text: string;
  finishReason: FinishReason;
  usage: Usage;
  toolCalls: ToolCallRecord[];
  /** What was said after the given messages: tool exchanges and the final answer, which comes last. */
  messages: ModelMessage[];
}

/**
 * Asks the model, runs the tools it calls one after the other, tells it the results and asks again, until it
 * calls none. Every round but the last makes a tool call, so `maxToolCalls` also bounds the rounds.
 * @throws `agent.tool_limit`, what `converse` throws, and what must end the run.
 */
export async function* agentLoop(
  messages: readonly ModelMessage[],
  parts: LoopParts,
  context: ExecutionContext,
): AsyncGenerator<AgentProgress, LoopResult> {
  const { callTool, maxToolCalls, callsBefore = 0 } = parts;
  const said: ModelMessage[] = [];
  const toolCalls: ToolCallRecord[] = [];
  let usage = noUsage();
  let text = '';
  for (;;) {
    context.signal.throwIfAborted();
    const turn = yield* ask([...messages, ...said], parts, context);
    usage = addUsage(usage, turn.usage);
    text = turn.text || text;
    if (turn.calls.length === 0) {
      said.push({ role: 'assistant', text });
      return { text, finishReason: turn.reason, usage, toolCalls, messages: said };
    }
    said.push({ role: 'assistant', text: turn.text, toolCalls: turn.calls });
    for (const call of turn.calls) {
      if (callsBefore + toolCalls.length >= maxToolCalls) throw toolLimit(maxToolCalls);
      yield { type: 'tool.started', call };
      const reply = await callTool(call, context);
      toolCalls.push({ name: call.name, arguments: call.arguments, ...reply });
      said.push(toolMessage(call, reply));
      yield { type: 'tool.finished', call, ...reply };
    }
  }
}

interface ModelTurn {
  text: string;
  calls: ToolCallRequest[];
  reason: FinishReason;
  usage: Usage;
}

/** One answer of the model, its text passed on while it comes. */
async function* ask(
  messages: ModelMessage[],
  { request, converse }: LoopParts,
  context: ExecutionContext,
): AsyncGenerator<AgentProgress, ModelTurn> {
  const calls: ToolCallRequest[] = [];
  let text = '';
  for await (const event of converse({ ...request, messages }, context)) {
    if (event.type === 'finish') return { text, calls, reason: event.reason, usage: event.usage };
    if (event.type === 'tool-call') calls.push(event.call);
    else yield event;
    if (event.type === 'text') text += event.text;
  }
  throw fail('provider.stream_broken', 'The answer of the model ended before it was complete');
}

function toolMessage(call: ToolCallRequest, { success, text }: ToolReply): ModelMessage {
  const message: ModelMessage = { role: 'tool', callId: call.id, name: call.name, text };
  return success ? message : { ...message, isError: true };
}
