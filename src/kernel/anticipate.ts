import type { Services } from '../globals/services.js';
import type { Dispatcher } from './dispatch.js';

/**
 * Loads what a script plainly names, while its engine still boots: the globals, the tools and the store that it
 * would otherwise wait for at its first call. Only a guess from the text: what fails here fails again, and is
 * reported, when the script really asks.
 */
export function anticipate(code: string, dispatcher: Dispatcher, services: Services): void {
  const words = new Set(code.match(/[A-Za-z][\w-]*/g));
  for (const word of words) void dispatcher.preload(word).catch(() => {});
  if (words.has('State')) void services.state().catch(() => {});
  // Counts from here on, so that a spell finds its own calls in the figures that it reads at its end.
  if (words.has('Metrics')) void services.metrics().catch(() => {});
  if (!words.has('Tool')) return;
  for (const { name } of services.tools.list()) {
    if (words.has(name)) void services.tools.get(name).catch(() => {});
  }
}
