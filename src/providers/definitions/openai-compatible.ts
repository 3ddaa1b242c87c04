import { compatibleProvider } from '../compatible.js';

export default compatibleProvider('openai-compatible', {
  description: 'Any server that speaks the OpenAI chat completions API, at base_url',
  keyVariables: [],
  structuredOutputs: true,
  listsModels: true,
});
