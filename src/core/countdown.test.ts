import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Countdown, holdAll } from './countdown.js';

describe('Countdown', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('aborts with the given reason when the time is up', () => {
    const { signal } = new Countdown(100, () => 'late');
    vi.advanceTimersByTime(99);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toBe('late');
  });

  it('stands still while it is held, by whoever is last to let go', () => {
    const countdown = new Countdown(100, () => 'late');
    vi.advanceTimersByTime(60);
    const [first, second] = [countdown.hold(), countdown.hold()];
    vi.advanceTimersByTime(1000);
    first();
    first();
    vi.advanceTimersByTime(1000);
    second();
    vi.advanceTimersByTime(39);
    expect(countdown.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(countdown.signal.aborted).toBe(true);
  });

  it('never ends once it is cancelled', () => {
    const countdown = new Countdown(100, () => 'late');
    countdown.cancel();
    holdAll([countdown])();
    vi.advanceTimersByTime(1000);
    expect(countdown.signal.aborted).toBe(false);
  });
});
