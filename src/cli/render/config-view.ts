import type { LoadedConfig } from '../../config/options.js';
import { originEntries, renderWithOrigins } from '../../config/origin.js';
import { renderToml } from '../../config/render.js';
import { configSection } from '../../config/sections.js';
import type { FreeTable } from '../../config/types.js';
import { redactSecrets } from '../../core/redact.js';
import type { Result } from './print.js';

/** The effective configuration, or one section of it, as `config show` prints it. @throws `config.unknown_section` */
export function configView(loaded: LoadedConfig, section: string | undefined, origins: boolean): Result {
  if (origins)
    return {
      json: originEntries(loaded, section),
      text: () => renderWithOrigins(loaded, section),
    };
  const part = section === undefined ? loaded.config : configSection(loaded.config, section);
  const shown = redactSecrets(part) as FreeTable;
  return { json: shown, text: () => renderToml(shown) };
}
