import { z } from 'zod';
import type { ScriptValue } from '../core/values.js';
import { defineGlobal, member } from './define.js';
import { text } from './types.js';

const capabilities = z
  .object({
    supports_streaming: z.boolean(),
    supports_multimodal: z.boolean(),
    supports_tools: z.boolean(),
    max_context_tokens: z.number().optional(),
    available_models: z.array(z.string()),
  })
  .meta({ id: 'ProviderCapabilities' });

const info = z
  .object({
    name: z.string().describe('`<implementation>/<type>/<model>`.'),
    provider: z.string().describe('The name to put before a model.'),
    type: z.string(),
    enabled: z.boolean(),
    available: z.boolean(),
    default_model: z.string().nullable(),
    description: z.string(),
    capabilities,
  })
  .meta({ id: 'ProviderInfo' });

const name = () => text().describe('Full name, name in the configuration, or type.');

/** The global `Provider`. */
export default defineGlobal({
  name: 'Provider',
  doc: 'The language-model providers: those configured and those built in.',
  members: {
    list: member({
      doc: 'All providers, the default one first.',
      params: {},
      returns: z.array(info),
      run: async (call) => (await call.services.providers()).list() as Promise<unknown>,
      example: {
        lua: 'print(Provider.list()[1].provider)',
        javascript: 'print(Provider.list()[0].provider);',
      },
    }),
    get: member({
      doc: 'One provider, or nil.',
      params: { name: name() },
      returns: info.nullable(),
      run: async (call, { name }) => (await call.services.providers()).get(name),
    }),
    getCapabilities: member({
      doc: 'What a provider can do, or nil.',
      params: { name: name() },
      returns: capabilities.nullable(),
      run: async (call, { name }) =>
        (await (await call.services.providers()).get(name))?.capabilities as ScriptValue | undefined,
    }),
    isAvailable: member({
      doc: 'Whether a provider is enabled and has what it needs. Says nothing about the network.',
      params: { name: name() },
      returns: z.boolean(),
      run: async (call, { name }) => (await (await call.services.providers()).get(name))?.available ?? false,
    }),
  },
});
