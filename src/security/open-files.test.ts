import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testContext } from '../core/testing.js';
import { openGuarded } from './files.js';
import { MAX_OPEN_FILES } from './open-files.js';

it('a run has so many files open at once, and may open others when it has closed some', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'llmspell-'));
  const file = join(folder, 'a');
  await writeFile(file, 'a');
  const { context } = testContext();
  const open = await Promise.all(Array.from({ length: MAX_OPEN_FILES }, () => openGuarded(file, context)));
  await expect(openGuarded(file, context.child('tool', 'x'))).rejects.toMatchObject({ code: 'limit.files' });
  const other = await openGuarded(file, testContext().context);
  await open.pop()!.handle.close();
  open.push(await openGuarded(file, context), other);
  for (const { handle } of open) await handle.close();
  await rm(folder, { recursive: true });
});
