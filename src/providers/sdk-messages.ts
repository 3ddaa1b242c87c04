import type {
  LanguageModelV3CallOptions,
  LanguageModelV3FunctionTool,
  LanguageModelV3Message,
} from '@ai-sdk/provider';
import type { ModelMessage, ModelRequest, ModelTool } from './model.js';

type AssistantContent = Extract<LanguageModelV3Message, { role: 'assistant' }>['content'];
type SdkSchema = LanguageModelV3FunctionTool['inputSchema'];

/** The parts of a request that every SDK model takes in the same form. */
export function sdkCall(request: ModelRequest): LanguageModelV3CallOptions {
  return {
    prompt: request.messages.map(sdkMessage),
    ...(request.tools?.length && {
      tools: request.tools.map(sdkTool),
      toolChoice: { type: 'auto' as const },
    }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.maxTokens !== undefined && { maxOutputTokens: request.maxTokens }),
    ...(request.topP !== undefined && { topP: request.topP }),
    ...(request.seed !== undefined && { seed: request.seed }),
    ...(request.stop?.length && { stopSequences: request.stop }),
    ...(request.responseSchema && {
      responseFormat: { type: 'json' as const, schema: request.responseSchema as SdkSchema, name: 'answer' },
    }),
  };
}

/** All system messages first, in one, for providers that take only one such text. */
export function systemFirst(messages: readonly ModelMessage[]): ModelMessage[] {
  const texts = messages.filter((message) => message.role === 'system').map((message) => message.text);
  const others = messages.filter((message) => message.role !== 'system');
  return texts.length === 0 ? others : [{ role: 'system', text: texts.join('\n\n') }, ...others];
}

function sdkTool(tool: ModelTool): LanguageModelV3FunctionTool {
  return {
    type: 'function',
    name: tool.name,
    description: tool.description,
    inputSchema: tool.parameters as SdkSchema,
  };
}

function sdkMessage(message: ModelMessage): LanguageModelV3Message {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.text };
    case 'user':
      return { role: 'user', content: userContent(message) };
    case 'assistant':
      return { role: 'assistant', content: assistantContent(message) };
    case 'tool':
      return { role: 'tool', content: [toolResult(message)] };
  }
}

function userContent(message: Extract<ModelMessage, { role: 'user' }>) {
  const media = (message.media ?? []).map(({ mediaType, data }) => ({
    type: 'file' as const,
    mediaType,
    data,
  }));
  return message.text || media.length === 0
    ? [{ type: 'text' as const, text: message.text }, ...media]
    : media;
}

function assistantContent(message: Extract<ModelMessage, { role: 'assistant' }>): AssistantContent {
  const calls = (message.toolCalls ?? []).map((call) => ({
    type: 'tool-call' as const,
    toolCallId: call.id,
    toolName: call.name,
    input: call.arguments,
  }));
  return message.text ? [{ type: 'text', text: message.text }, ...calls] : calls;
}

function toolResult(message: Extract<ModelMessage, { role: 'tool' }>) {
  return {
    type: 'tool-result' as const,
    toolCallId: message.callId,
    toolName: message.name,
    output: { type: message.isError ? ('error-text' as const) : ('text' as const), value: message.text },
  };
}
