import type { Readable } from 'node:stream';

const MICROSECONDS = 1e6;
/** A line is short; what has no end is not ffmpeg's. */
const MAX_LINE = 10_000;

/** Reads what ffmpeg's `-progress` prints, until it ends or is ended; `report` is told the seconds that are done. */
export async function progressTimes(stream: Readable, report: (seconds: number) => void): Promise<void> {
  let rest = '';
  try {
    for await (const chunk of stream) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop()!.slice(-MAX_LINE);
      for (const line of lines) {
        const time = /^out_time_us=(\d+)$/.exec(line);
        if (time) report(Number(time[1]) / MICROSECONDS);
      }
    }
  } catch {
    // The stream is destroyed when the program is ended.
  }
}
