import { describe, expect, test } from 'vitest';
import { at, cron, interval, once, upcoming } from './schedule.js';

const START = Date.UTC(2026, 0, 1, 12, 0, 0);
const iso = (times: number[]) => times.map((time) => new Date(time).toISOString());

describe('a schedule', () => {
  test('once comes once', () => {
    expect(iso(upcoming(once(START, 90), 5, START))).toEqual(['2026-01-01T12:01:30.000Z']);
    expect(once(START, 90).next(START + 90_000)).toBeUndefined();
    expect(at(START).next(START - 1)).toBe(START);
    expect(at(START).next(START)).toBeUndefined();
  });

  test('at intervals comes as often as it may', () => {
    const endless = interval(START, 10, 60);
    expect(iso(upcoming(endless, 3, START))).toEqual([
      '2026-01-01T12:00:10.000Z',
      '2026-01-01T12:01:10.000Z',
      '2026-01-01T12:02:10.000Z',
    ]);
    expect(endless.next(START + 70_000)).toBe(START + 130_000);
    expect(upcoming(interval(START, 0, 1, 3), 10, START - 1)).toEqual([START, START + 1000, START + 2000]);
  });

  test.each([
    ['hourly', ['2026-01-01T13:00:00.000Z', '2026-01-01T14:00:00.000Z']],
    ['daily', ['2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z']],
    ['weekly', ['2026-01-04T00:00:00.000Z', '2026-01-11T00:00:00.000Z']],
    ['30 9 * * MON-FRI', ['2026-01-02T09:30:00.000Z', '2026-01-05T09:30:00.000Z']],
    ['*/20 0 12 1 1 *', ['2026-01-01T12:00:20.000Z', '2026-01-01T12:00:40.000Z']],
    ['0 0 29 2 *', ['2028-02-29T00:00:00.000Z', '2032-02-29T00:00:00.000Z']],
    ['0 0 30 2 *', []],
  ])('of the expression %s', (expression, times) => {
    expect(iso(upcoming(cron(expression, 'UTC'), 2, START))).toEqual(times);
  });

  test('goes by the clock of its time zone, over the change to summer time', () => {
    const schedule = cron('0 9 * * *', 'Europe/Berlin');
    expect(iso(upcoming(schedule, 2, Date.UTC(2026, 2, 28)))).toEqual([
      '2026-03-28T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
    ]);
  });

  test.each([
    ['a negative delay', () => once(START, -1)],
    ['no number', () => once(START, Number.NaN)],
    ['a negative first delay', () => interval(START, -1, 1)],
    ['a negative interval', () => interval(START, 1, -1)],
    ['an interval of nothing', () => interval(START, 1, 0)],
    ['no executions', () => interval(START, 1, 1, 0)],
    ['no expression', () => cron('now and then')],
    ['a minute that does not exist', () => cron('61 * * * *')],
    ['no time zone', () => cron('daily', 'Middle/Earth')],
  ])('of %s is refused', (_, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'input.invalid' }));
  });
});
