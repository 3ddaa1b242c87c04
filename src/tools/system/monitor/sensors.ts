import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../../core/values.js';
import { kernelTable } from './proc.js';

const ZONES = '/sys/class/thermal';
const MOST_ZONES = 64;

/** The temperatures that the kernel measures, in degrees Celsius. Empty on machines without such sensors. */
export async function describeSensors(): Promise<JsonObject> {
  const names = await readdir(ZONES).catch(() => [] as string[]);
  const zones = names.filter((name) => name.startsWith('thermal_zone')).slice(0, MOST_ZONES);
  const temperatures: JsonObject[] = [];
  for (const zone of zones) {
    const type = (await kernelTable(join(ZONES, zone, 'type')))?.trim() ?? zone;
    const millidegrees = Number((await kernelTable(join(ZONES, zone, 'temp'))) ?? Number.NaN);
    if (Number.isFinite(millidegrees))
      temperatures.push({ sensor: type, celsius: Math.round(millidegrees / 100) / 10 });
  }
  return { temperatures };
}
