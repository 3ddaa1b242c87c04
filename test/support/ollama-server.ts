import {
  type Dialect,
  type ModelServer,
  type ModelServerOptions,
  type RecordedRequest,
  startModelServer,
  type Turn,
  textPieces,
  usageOf,
} from './model-server.js';

/** A server that speaks Ollama's `/api/chat`, one line of JSON per piece. */
export function startOllamaServer(options: ModelServerOptions): Promise<ModelServer> {
  return startModelServer(dialect, options);
}

const dialect: Dialect = {
  basePath: '',
  chatPath: '/api/chat',
  listPath: '/api/tags',
  contentType: { stream: 'application/x-ndjson', plain: 'application/json; charset=utf-8' },
  refuse,
  streams: ({ body }) => body?.stream !== false,
  frames,
  plain,
  error: (_status, message) => ({ error: message }),
  list: (models) => ({ models: models.map((name) => ({ name, model: name, size: 1 })) }),
};

/** What Ollama reads inside `options`; at the top level it would be ignored without a word. */
const OPTIONS_ONLY = ['temperature', 'top_p', 'seed', 'stop', 'num_predict', 'num_ctx'];

function refuse({ method, body }: RecordedRequest) {
  if (method !== 'POST') return { status: 405, message: 'use POST' };
  if (typeof body?.model !== 'string') return { status: 400, message: 'model is required' };
  if (!Array.isArray(body.messages)) return { status: 400, message: 'messages is required' };
  const lost = OPTIONS_ONLY.filter((key) => key in body);
  return lost.length > 0
    ? { status: 400, message: `ignored at the top level: ${lost.join(', ')}` }
    : undefined;
}

function message(turn: Turn, content: string): object {
  return { role: 'assistant', content, ...(turn.toolCalls && { tool_calls: turn.toolCalls.map(wireCall) }) };
}

function wireCall(call: { name: string; arguments: unknown }) {
  return { function: { name: call.name, arguments: call.arguments } };
}

function ending(turn: Turn): object {
  const usage = usageOf(turn);
  return {
    done: true,
    done_reason: turn.finish === 'length' ? 'length' : 'stop',
    total_duration: 1,
    ...(usage && { prompt_eval_count: usage.input, eval_count: usage.output }),
  };
}

function frames(turn: Turn, { body }: RecordedRequest): string[] {
  const line = (data: object) =>
    `${JSON.stringify({ model: body?.model, created_at: '2024-01-01T00:00:00Z', ...data })}\n`;
  const said = (fields: object) =>
    line({ message: { role: 'assistant', content: '', ...fields }, done: false });
  return [
    ...(turn.reasoning ? [said({ thinking: turn.reasoning })] : []),
    ...textPieces(turn).map((content) => said({ content })),
    ...(turn.toolCalls ?? []).map((call) => said({ tool_calls: [wireCall(call)] })),
    line({ message: { role: 'assistant', content: '' }, ...ending(turn) }),
  ];
}

function plain(turn: Turn, { body }: RecordedRequest): unknown {
  const said = message(turn, textPieces(turn).join(''));
  return {
    model: body?.model,
    created_at: '2024-01-01T00:00:00Z',
    message: { ...said, ...(turn.reasoning && { thinking: turn.reasoning }) },
    ...ending(turn),
  };
}
