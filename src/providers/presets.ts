/** A provider that speaks OpenAI's chat completions at a place of its own. */
export interface Preset {
  description: string;
  baseUrl: string;
  /** Environment variables that may hold the key; empty for servers of one's own. */
  keyVariables: readonly string[];
  /** Whether `response_format: json_schema` is understood; otherwise the schema goes into the prompt. */
  structuredOutputs: boolean;
  /** Whether `GET /models` exists. */
  listsModels: boolean;
}

/** Provider types that need nothing but a base URL, by name. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  cohere: cloud('Cohere', 'https://api.cohere.ai/compatibility/v1', 'COHERE_API_KEY', {
    structuredOutputs: false,
  }),
  deepseek: cloud('DeepSeek', 'https://api.deepseek.com/v1', 'DEEPSEEK_API_KEY', {
    structuredOutputs: false,
  }),
  fireworks: cloud('Fireworks AI', 'https://api.fireworks.ai/inference/v1', 'FIREWORKS_API_KEY'),
  gemini: cloud('Google Gemini', 'https://generativelanguage.googleapis.com/v1beta/openai', 'GEMINI_API_KEY'),
  groq: cloud('Groq', 'https://api.groq.com/openai/v1', 'GROQ_API_KEY', { structuredOutputs: false }),
  llamacpp: local('llama.cpp server', 'http://127.0.0.1:8080/v1'),
  lmstudio: local('LM Studio', 'http://127.0.0.1:1234/v1'),
  mistral: cloud('Mistral', 'https://api.mistral.ai/v1', 'MISTRAL_API_KEY'),
  openrouter: cloud('OpenRouter', 'https://openrouter.ai/api/v1', 'OPENROUTER_API_KEY'),
  perplexity: cloud('Perplexity', 'https://api.perplexity.ai', 'PERPLEXITY_API_KEY', { listsModels: false }),
  together: cloud('Together AI', 'https://api.together.xyz/v1', 'TOGETHER_API_KEY'),
  vllm: local('vLLM', 'http://127.0.0.1:8000/v1'),
  xai: cloud('xAI', 'https://api.x.ai/v1', 'XAI_API_KEY'),
};

function cloud(
  name: string,
  baseUrl: string,
  keyVariable: string,
  differences: Partial<Preset> = {},
): Preset {
  const description = `${name}, through its OpenAI-compatible API`;
  return {
    description,
    baseUrl,
    keyVariables: [keyVariable],
    structuredOutputs: true,
    listsModels: true,
    ...differences,
  };
}

function local(name: string, baseUrl: string): Preset {
  const description = `${name} on this machine`;
  return { description, baseUrl, keyVariables: [], structuredOutputs: true, listsModels: true };
}
