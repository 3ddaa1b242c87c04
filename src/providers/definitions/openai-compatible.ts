import { compatibleProvider } from '../compatible.js';

/** Servers that speak OpenAI’s protocol at a base URL of their own. */
export default compatibleProvider('openai-compatible', {
  description: 'Any server that speaks the OpenAI chat completions API, at base_url',
  keyVariables: [],
  structuredOutputs: true,
  listsModels: true,
});
