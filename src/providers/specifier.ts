import { fail } from '../core/errors.js';

/** Which model is meant. */
export interface ModelSpecifier {
  provider: string;
  model: string;
  /** Where it runs, from `model@backend`. */
  backend?: string | undefined;
}

/**
 * Reads `[provider/]model[@backend]`. The provider ends at the first slash, so `openrouter/deepseek/m` is model
 * `deepseek/m` at `openrouter`; the backend begins at the last `@`. `local/m` runs on its backend, Ollama if none
 * is named; so does `m@backend` without a provider.
 * @throws `provider.invalid_model`
 */
export function parseModel(
  text: string,
  options: { defaultProvider?: string | undefined } = {},
): ModelSpecifier {
  const { name, backend } = splitBackend(text.trim());
  if (!name) throw invalid('Model specification cannot be empty');
  const slash = name.indexOf('/');
  const provider = name.slice(0, Math.max(0, slash)).trim();
  const model = name.slice(slash + 1).trim();
  if (slash === 0 || !model) throw invalid(`Model specification '${text.trim()}' is incomplete`);
  if (provider === 'local') return { provider: backend ?? 'ollama', model, backend: backend ?? 'ollama' };
  const home = provider || backend || options.defaultProvider || 'openai';
  return { provider: home, model, ...(backend !== undefined && { backend }) };
}

function splitBackend(text: string): { name: string; backend?: string | undefined } {
  const at = text.lastIndexOf('@');
  if (at < 0) return { name: text };
  const backend = text.slice(at + 1).trim();
  if (!backend) throw invalid(`Model specification '${text}' ends with '@' but names no backend`);
  return { name: text.slice(0, at).trim(), backend };
}

function invalid(message: string) {
  return fail('provider.invalid_model', message, {
    hint: 'Write provider/model, e.g. "openai/gpt-4o-mini", "ollama/llama3.2" or "offline/extract".',
  });
}
