import {
  argumentsText,
  type Dialect,
  type ModelServer,
  type ModelServerOptions,
  pieces,
  type RecordedRequest,
  startModelServer,
  type Turn,
  textPieces,
  usageOf,
} from './model-server.js';

/** A server that speaks Anthropic's messages API. */
export function startAnthropicServer(options: ModelServerOptions): Promise<ModelServer> {
  return startModelServer(dialect, options);
}

const dialect: Dialect = {
  basePath: '/v1',
  chatPath: '/v1/messages',
  listPath: '/v1/models',
  contentType: { stream: 'text/event-stream; charset=utf-8', plain: 'application/json' },
  refuse,
  streams: ({ body }) => body?.stream === true,
  frames,
  plain,
  error: (status, message) => ({ type: 'error', error: { type: errorType(status), message } }),
  list: (models) => ({
    data: models.map((id) => ({ type: 'model', id, display_name: id })),
    has_more: false,
  }),
};

function refuse({ method, headers, body }: RecordedRequest) {
  const invalid = (message: string) => ({ status: 400, message });
  if (method !== 'POST') return { status: 405, message: 'use POST' };
  if (!headers['x-api-key']) return { status: 401, message: 'x-api-key header is required' };
  if (!headers['anthropic-version']) return invalid('anthropic-version: header is required');
  if (typeof body?.max_tokens !== 'number') return invalid('max_tokens: Field required');
  if (typeof body.model !== 'string') return invalid('model: Field required');
  const messages = body.messages as { role: string; content: unknown }[] | undefined;
  if (!messages?.length) return invalid('messages: at least one message is required');
  if (messages.some(({ role }) => role !== 'user' && role !== 'assistant'))
    return invalid('messages: Unexpected role; system texts belong into the top-level parameter');
  return strayResult(messages)
    ? invalid('messages: unexpected tool_use_id found in tool_result blocks')
    : undefined;
}

interface Block {
  type: string;
  id?: string;
  tool_use_id?: string;
}

/** Every tool result answers a call in the message right before it. */
function strayResult(messages: { content: unknown }[]): boolean {
  return messages.some(({ content }, index) => {
    const before = blocks(messages[index - 1]?.content).map(({ id }) => id);
    return blocks(content).some(
      (block) => block.type === 'tool_result' && !before.includes(block.tool_use_id),
    );
  });
}

function blocks(content: unknown): Block[] {
  return Array.isArray(content) ? (content as Block[]) : [];
}

function errorType(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  if (status === 529) return 'overloaded_error';
  return status >= 500 ? 'api_error' : 'invalid_request_error';
}

function stopReason(turn: Turn): string {
  if (turn.finish === 'length') return 'max_tokens';
  if (turn.finish === 'content_filter') return 'refusal';
  return turn.toolCalls?.length ? 'tool_use' : 'end_turn';
}

function frames(turn: Turn, { body }: RecordedRequest): string[] {
  const usage = usageOf(turn) ?? { input: 0, output: 0 };
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: body?.model,
    content: [],
    stop_reason: null,
  };
  return [
    event({
      type: 'message_start',
      message: { ...message, usage: { input_tokens: usage.input, output_tokens: 1 } },
    }),
    event({ type: 'ping' }),
    ...contents(turn).flatMap(blockFrames),
    event({
      type: 'message_delta',
      delta: { stop_reason: stopReason(turn), stop_sequence: null },
      usage: { output_tokens: usage.output },
    }),
    event({ type: 'message_stop' }),
  ];
}

function event(data: { type: string; [field: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A block's beginning and its deltas. */
interface Content {
  start: object;
  deltas: object[];
}

function contents(turn: Turn): Content[] {
  const text = textPieces(turn).map((piece) => ({ type: 'text_delta', text: piece }));
  const thinking = turn.reasoning ? [{ type: 'thinking_delta', thinking: turn.reasoning }] : [];
  return [
    ...(thinking.length > 0
      ? [{ start: { type: 'thinking', thinking: '', signature: '' }, deltas: thinking }]
      : []),
    ...(text.length > 0 ? [{ start: { type: 'text', text: '' }, deltas: text }] : []),
    ...(turn.toolCalls ?? []).map((call, index) => ({
      start: { type: 'tool_use', id: call.id ?? `toolu_${index + 1}`, name: call.name, input: {} },
      deltas: pieces(argumentsText(call), turn.argumentPieces ?? 3).map((json) => ({
        type: 'input_json_delta',
        partial_json: json,
      })),
    })),
  ];
}

function blockFrames({ start, deltas }: Content, index: number): string[] {
  return [
    event({ type: 'content_block_start', index, content_block: start } as { type: string }),
    ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta } as { type: string })),
    event({ type: 'content_block_stop', index } as { type: string }),
  ];
}

function plain(turn: Turn, { body }: RecordedRequest): unknown {
  const usage = usageOf(turn) ?? { input: 0, output: 0 };
  const text = textPieces(turn).join('');
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: body?.model,
    content: [
      ...(turn.reasoning ? [{ type: 'thinking', thinking: turn.reasoning, signature: 's' }] : []),
      ...(text ? [{ type: 'text', text }] : []),
      ...(turn.toolCalls ?? []).map((call, index) => ({
        type: 'tool_use',
        id: call.id ?? `toolu_${index + 1}`,
        name: call.name,
        input: call.arguments,
      })),
    ],
    stop_reason: stopReason(turn),
    stop_sequence: null,
    usage: { input_tokens: usage.input, output_tokens: usage.output },
  };
}
