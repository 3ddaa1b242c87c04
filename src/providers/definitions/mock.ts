import { defineProvider } from '../model.js';

/** A test double for spells: scripted answers and tool calls, no network, nothing random. */
export default defineProvider({
  type: 'mock',
  implementation: 'builtin',
  description: 'Scripted answers for tests of spells',
  keyVariables: [],
  needsKey: false,
  offline: true,
  defaultModel: 'echo',
  models: ['echo', 'script'],
  capabilities: () => ({ streaming: true, multimodal: true, tools: true }),
  model: async (settings, model) => (await import('../mock-model.js')).mockModel(settings, model),
  check: async () => ({ models: ['echo', 'script'] }),
});
