import type { ComponentKind } from '../core/events.js';

/**
 * The names of OpenTelemetry's semantic conventions for generative AI that spans use, as the package
 * `@opentelemetry/semantic-conventions` 1.45.0 lists them; they are all still in development. They stand in this file alone, so that a later version is one change.
 */
export const GENAI_SEMCONV_VERSION = '1.45.0';

/** Attribute names. */
export const ATTRIBUTE = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  model: 'gen_ai.request.model',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  agent: 'gen_ai.agent.name',
  workflow: 'gen_ai.workflow.name',
  tool: 'gen_ai.tool.name',
  conversation: 'gen_ai.conversation.id',
  toolArguments: 'gen_ai.tool.call.arguments',
  toolResult: 'gen_ai.tool.call.result',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  error: 'error.type',
} as const;

/** `gen_ai.operation.name` of each kind of component. */
export const OPERATION: Readonly<Record<ComponentKind, string>> = {
  agent: 'invoke_agent',
  tool: 'execute_tool',
  workflow: 'invoke_workflow',
  model: 'chat',
};

/** `gen_ai.provider.name` where the conventions give a provider another name than its type here. */
const PROVIDERS: Readonly<Record<string, string>> = {
  google: 'gcp.gemini',
  gemini: 'gcp.gemini',
  vertex: 'gcp.vertex_ai',
  bedrock: 'aws.bedrock',
  azure: 'azure.ai.openai',
  mistral: 'mistral_ai',
  xai: 'x_ai',
};

/** The conventions' name of a provider. */
export function providerName(type: string): string {
  return PROVIDERS[type] ?? type;
}
