import type { Usage } from '../../core/events.js';

/** Milliseconds as people read them. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60
    ? `${minutes} m ${Math.round((ms % 60_000) / 1000)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/** Tokens and money, or nothing where none were spent. */
export function spent({ inputTokens, outputTokens, costUsd, source }: Usage): string {
  if (inputTokens + outputTokens === 0) return '';
  const money = costUsd > 0 ? `, ${dollars(costUsd)}` : '';
  return `${inputTokens} + ${outputTokens} tokens${source === 'provider' ? '' : ` (${source})`}${money}`;
}

/** Money to four digits that count. */
export function dollars(usd: number): string {
  return usd === 0 ? '$0' : `$${usd >= 1 ? usd.toFixed(2) : Number(usd.toPrecision(4))}`;
}

/** A moment in the user's own time. @param time milliseconds since the Unix epoch. */
export function clockTime(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
