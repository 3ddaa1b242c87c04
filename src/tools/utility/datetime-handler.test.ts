import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/values.js';
import { callTool, itRunsItsSamples } from '../run-tool.case.js';
import datetimeHandler from './datetime-handler.js';

const NOW = Date.UTC(2024, 6, 15, 12, 30, 45, 120);
const ask = async (input: JsonObject) =>
  (await callTool(datetimeHandler, input, { effects: { now: () => NOW } })).result as Record<string, never>;

describe('datetime-handler', () => {
  itRunsItsSamples(datetimeHandler);

  it.each([
    ['2024-01-15T10:30:45.123Z'],
    ['2024-01-15T10:30:45Z'],
    ['2024-01-15T10:30:45+0000'],
    ['2024-01-15T12:30:45+02:00'],
    ['2024-01-15T10:30'],
    ['2024-01-15 10:30:45'],
    ['2024-01-15'],
    ['Mon, 15 Jan 2024 10:30:45 GMT'],
    ['Mon, 15 Jan 2024 10:30:45 +0000'],
    ['2024/01/15 10:30:45'],
    ['2024/01/15'],
    ['15/01/2024 10:30:45'],
    ['15/01/2024'],
    ['01/15/2024 10:30:45'],
    ['01/15/2024'],
    ['15-01-2024 10:30:45'],
    ['15-01-2024'],
    ['15.01.2024 10:30:45'],
    ['15.01.2024'],
    ['January 15, 2024 10:30:45'],
    ['January 15, 2024'],
    ['Jan 15, 2024 10:30:45'],
    ['Jan 15, 2024'],
    ['1705315800'],
    [1705315800],
  ])('parses %s', async (input) => {
    expect((await ask({ input })).parsed).toMatchObject({ year: 2024, month: 1, day: 15, weekday: 'Monday' });
  });

  it.each([
    ['05/04/2024', '2024-04-05T00:00:00Z'],
    ['2024-01-15T02:30:00-05:00', '2024-01-15T07:30:00Z'],
    ['2024-01-15 10:30:45', '2024-01-15T10:30:45Z'],
    ['0', '1970-01-01T00:00:00Z'],
    ['-86400', '1969-12-31T00:00:00Z'],
  ])('reads %s as %s', async (input, utc) => {
    expect((await ask({ input })).parsed).toMatchObject({ utc });
  });

  it.each([
    ['15|01|24 3:05 PM', '%d|%m|%y %I:%M %p', '2024-01-15T15:05:00Z'],
    ['12 AM on 2024-060', '%I %p on %Y-%j', '2024-02-29T00:00:00Z'],
    ['2024-01-15 10:00 +0530', '%F %R %z', '2024-01-15T04:30:00Z'],
  ])('reads %s by %s', async (input, format, utc) => {
    expect(await ask({ input, format })).toMatchObject({ parsed: { utc }, format_used: format });
  });

  it('reads texts without a zone in the zone that is given', async () => {
    const { parsed } = await ask({ input: '2024-07-15 12:00:00', timezone: 'Europe/Berlin' });
    expect(parsed).toMatchObject({ utc: '2024-07-15T10:00:00Z' });
  });

  it.each<[JsonObject, string]>([
    [{}, '2024-07-15T12:30:45.120Z'],
    [{ timezone: 'Asia/Tokyo', format: '%H:%M %Z' }, '21:30 JST'],
    [{ timezone: 'America/New_York' }, '2024-07-15T08:30:45.120-04:00'],
    [{ timezone: 'Europe/London', format: '%Z %z' }, 'BST +0100'],
    [{ timezone: '+05:30', format: '%R %:z' }, '18:00 +05:30'],
  ])('tells the time with %j', async (input, datetime) => {
    expect(await ask({ operation: 'now', ...input })).toMatchObject({ datetime });
  });

  it.each([
    ['2024-07-15T12:00:00Z', 'America/New_York', '2024-07-15 08:00:00 EDT'],
    ['2024-01-15T12:00:00Z', 'America/New_York', '2024-01-15 07:00:00 EST'],
    ['2024-01-15T12:00:00Z', 'Asia/Tokyo', '2024-01-15 21:00:00 JST'],
    ['2024-01-15T12:00:00+02:00', 'UTC', '2024-01-15 10:00:00 UTC'],
  ])('converts %s to %s', async (input, target_timezone, converted) => {
    expect(await ask({ operation: 'convert_timezone', input, target_timezone })).toMatchObject({ converted });
  });

  it.each<[string, string, unknown, string, string]>([
    ['add', '2024-01-01', 52, 'weeks', '2024-12-30T00:00:00Z'],
    ['add', '2024-01-31', 1, 'day', '2024-02-01T00:00:00Z'],
    ['add', '2024-01-31', 1, 'Months', '2024-02-29T00:00:00Z'],
    ['add', '2024-02-29', 1, 'year', '2025-02-28T00:00:00Z'],
    ['subtract', '2024-03-31', 1, 'mo', '2024-02-29T00:00:00Z'],
    ['add', '2023-12-31T23:00:00Z', '2', 'h', '2024-01-01T01:00:00Z'],
    ['subtract', '2024-01-15T02:30Z', 5, 'hours', '2024-01-14T21:30:00Z'],
    ['add', '2024-01-15', -90, 's', '2024-01-14T23:58:30Z'],
  ])('%s: %s and %s %s', async (operation, input, amount, unit, result) => {
    expect(await ask({ operation, input, amount, unit } as JsonObject)).toMatchObject({ result });
  });

  it.each<[string, string, JsonObject]>([
    ['2024-01-01T00:00:00Z', '2024-12-31T23:59:59Z', { days: 365, total_seconds: 31_622_399 }],
    ['2024-01-15', '2024-01-10', { days: -5, hours: -120, human_readable: '5 days ago' }],
    ['2024-01-01', '2024-01-03T03:20:00Z', { days: 2, hours: 51, human_readable: '2 days, 3 hours' }],
    ['2024-01-01', '2024-01-01', { total_seconds: 0, days: 0, human_readable: '0 seconds' }],
  ])('measures from %s to %s', async (start, end, difference) => {
    expect(await ask({ operation: 'difference', start, end })).toMatchObject({ difference });
  });

  it('takes diff with from, to and unit', async () => {
    const answer = await ask({ operation: 'diff', from: '2024-01-31', to: '2024-04-01', unit: 'months' });
    expect(answer.difference).toMatchObject({ value: 2 });
  });

  it.each([
    ['2024-07-04', { day_of_year: 186, week_of_year: 27, weekday: 'Thursday', is_leap_year: true }],
    ['2024-02-10', { is_leap_year: true, days_in_month: 29 }],
    ['2023-02-10', { is_leap_year: false, days_in_month: 28, end_of_day: '2023-02-10T23:59:59.999Z' }],
  ])('knows about %s', async (input, info) => {
    expect(await ask({ operation: 'info', input })).toMatchObject({ info });
  });

  it.each([
    ['%Y%m%d %H%M%S', '20240105 030709'],
    ['%y %C %j %U %W %V %G %u %w', '24 20 005 00 01 01 2024 5 5'],
    ['%-d/%-m %e|%k|%l', '5/1  5| 3| 3'],
    ['%A %a %B %b %h', 'Friday Fri January Jan Jan'],
    ['%I:%M %p %P', '03:07 AM am'],
    ['%F %T %D %R %r', '2024-01-05 03:07:09 01/05/24 03:07 03:07:09 AM'],
    ['%.f %.3f %3f %6f', '.050 .050 050 050000'],
    ['%s %% %n%t', '1704424029 % \n\t'],
    ['%c', 'Fri Jan  5 03:07:09 2024'],
    ['%+', '2024-01-05T03:07:09.050+00:00'],
  ])('writes %s', async (format, formatted) => {
    expect(await ask({ operation: 'format', timestamp: '2024-01-05T03:07:09.050Z', format })).toMatchObject({
      formatted,
    });
  });

  it('lists its formats', async () => {
    const { available_formats, example_formats } = await ask({ operation: 'formats' });
    expect(available_formats).toHaveLength(22);
    expect(example_formats).toMatchObject({ ISO8601: '2024-07-15T12:30:45Z' });
  });

  it.each<[JsonObject, string]>([
    [{ input: 'not a date' }, 'Could not parse'],
    [{ input: '2024-13-45' }, 'Could not parse'],
    [{ input: '30/02/2024' }, 'Could not parse'],
    [{}, "Missing required parameter 'input'"],
    [{ operation: 'now', timezone: 'Invalid/Timezone' }, 'Invalid timezone'],
    [{ operation: 'now', format: '%Q' }, 'Invalid format'],
    [{ operation: 'now', format: 'broken %' }, 'Invalid format'],
    [{ operation: 'add', input: '2024-01-01', unit: 'days' }, "Missing or invalid 'amount'"],
    [{ operation: 'add', input: '2024-01-01', amount: 1.5, unit: 'days' }, "Missing or invalid 'amount'"],
    [{ operation: 'add', input: '2024-01-01', amount: 1, unit: 'fortnights' }, 'Unknown time unit'],
    [{ operation: 'add', input: '2024-01-01', amount: 1e15, unit: 'days' }, 'overflow'],
    [{ operation: 'travel' }, 'Unknown operation'],
  ])('refuses %j', async (input, message) => {
    await expect(callTool(datetimeHandler, input)).rejects.toThrow(message);
  });
});
