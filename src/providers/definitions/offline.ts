import { fail } from '../../core/errors.js';
import { defineProvider } from '../model.js';
import { extractModel } from '../offline-model.js';

const MODEL = 'extract';

/** The default until something else is configured: answers by quoting, without key, network or chance. */
export default defineProvider({
  type: 'offline',
  implementation: 'builtin',
  description: 'Quotes the most relevant sentences of the given text; no language model',
  keyVariables: [],
  needsKey: false,
  offline: true,
  defaultModel: MODEL,
  models: [MODEL],
  capabilities: () => ({ streaming: true, multimodal: false, tools: false }),
  async model(settings, model) {
    if (model === MODEL) return extractModel(settings, model);
    throw fail('provider.invalid_model', `Provider '${settings.name}' has no model '${model}'`, {
      hint: `Its only model is "${settings.name}/${MODEL}".`,
    });
  },
  check: async () => ({ models: [MODEL] }),
});
