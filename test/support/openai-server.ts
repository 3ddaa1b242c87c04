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

/** A server that speaks OpenAI's chat completions, for the types `openai` and `openai-compatible`. */
export function startOpenAiServer(options: ModelServerOptions): Promise<ModelServer> {
  return startModelServer(dialect, options);
}

const HEAD = { id: 'chatcmpl-1', created: 1_700_000_000, system_fingerprint: 'fp_test' };

const dialect: Dialect = {
  basePath: '/v1',
  chatPath: '/v1/chat/completions',
  listPath: '/v1/models',
  contentType: { stream: 'text/event-stream; charset=utf-8', plain: 'application/json' },
  refuse,
  streams: ({ body }) => body?.stream === true,
  frames,
  plain,
  error: (status, message) => ({ error: { message, type: errorType(status), param: null, code: null } }),
  list: (models) => ({
    object: 'list',
    data: models.map((id) => ({ id, object: 'model', owned_by: 'test' })),
  }),
};

function refuse({ method, body }: RecordedRequest) {
  if (method !== 'POST') return { status: 405, message: 'use POST' };
  if (typeof body?.model !== 'string') return { status: 400, message: 'you must provide a model parameter' };
  if (!Array.isArray(body.messages) || body.messages.length === 0)
    return { status: 400, message: "'messages' must be a non-empty array" };
  const wrong = body.messages.find((message: Record<string, unknown>) => !isMessage(message)) as unknown;
  return wrong
    ? { status: 400, message: `invalid message: ${JSON.stringify(wrong)}` }
    : strayResult(body.messages);
}

function isMessage(message: Record<string, unknown>): boolean {
  if (!['system', 'developer', 'user', 'assistant', 'tool'].includes(String(message.role))) return false;
  if (message.role === 'tool')
    return typeof message.tool_call_id === 'string' && typeof message.content === 'string';
  if (message.role !== 'assistant')
    return typeof message.content === 'string' || Array.isArray(message.content);
  return typeof message.content === 'string' || Array.isArray(message.tool_calls);
}

/** A tool result has to answer a call that stands before it. */
function strayResult(messages: Record<string, unknown>[]) {
  const calls = messages.flatMap((message) => (message.tool_calls as { id: string }[] | undefined) ?? []);
  const stray = messages.find(
    ({ role, tool_call_id }) => role === 'tool' && !calls.some(({ id }) => id === tool_call_id),
  );
  return stray ? { status: 400, message: "messages with role 'tool' must follow 'tool_calls'" } : undefined;
}

function errorType(status: number): string {
  if (status === 401) return 'invalid_api_key';
  if (status === 429) return 'rate_limit_exceeded';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

function finishOf(turn: Turn): string {
  return turn.finish ?? (turn.toolCalls?.length ? 'tool_calls' : 'stop');
}

function wireUsage(turn: Turn) {
  const usage = usageOf(turn);
  return (
    usage && {
      prompt_tokens: usage.input,
      completion_tokens: usage.output,
      total_tokens: usage.input + usage.output,
    }
  );
}

function frames(turn: Turn, { body }: RecordedRequest): string[] {
  const chunk = (delta: object, finish: string | null = null) =>
    frame({
      ...HEAD,
      object: 'chat.completion.chunk',
      model: body?.model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    });
  const wantsUsage =
    (body?.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  const usage = wantsUsage ? wireUsage(turn) : undefined;
  return [
    chunk({ role: 'assistant', content: '' }),
    ...(turn.reasoning ? [chunk({ reasoning_content: turn.reasoning })] : []),
    ...textPieces(turn).map((content) => chunk({ content })),
    ...callDeltas(turn).map((call) => chunk({ tool_calls: [call] })),
    chunk({}, finishOf(turn)),
    ...(usage
      ? [frame({ ...HEAD, object: 'chat.completion.chunk', model: body?.model, choices: [], usage })]
      : []),
    'data: [DONE]\n\n',
  ];
}

function frame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function callDeltas(turn: Turn): object[] {
  return (turn.toolCalls ?? []).flatMap((call, index) => [
    {
      index,
      id: call.id ?? `call_${index + 1}`,
      type: 'function',
      function: { name: call.name, arguments: '' },
    },
    ...pieces(argumentsText(call), turn.argumentPieces ?? 3).map((text) => ({
      index,
      function: { arguments: text },
    })),
  ]);
}

function plain(turn: Turn, { body }: RecordedRequest): unknown {
  const calls = turn.toolCalls?.map((call, index) => ({
    id: call.id ?? `call_${index + 1}`,
    type: 'function',
    function: { name: call.name, arguments: argumentsText(call) },
  }));
  const message = {
    role: 'assistant',
    content: textPieces(turn).join('') || null,
    ...(turn.reasoning && { reasoning_content: turn.reasoning }),
    ...(calls && { tool_calls: calls }),
  };
  return {
    ...HEAD,
    object: 'chat.completion',
    model: body?.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(turn) }],
    ...(usageOf(turn) && { usage: wireUsage(turn) }),
  };
}
