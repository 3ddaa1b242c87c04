import type { SampleResult } from '../../tools/samples.js';

/** How the samples of one tool went. */
export interface ToolTestResult {
  tool: string;
  samples: SampleResult[];
}

/** How the samples of tools went, for people; with `verbose` also what the passing ones gave. */
export function testReportText(results: readonly ToolTestResult[], verbose: boolean): string {
  const samples = results.flatMap((result) => result.samples);
  const failed = samples.filter((sample) => !sample.passed).length;
  const blocks = results.map(({ tool, samples }) => {
    const lines =
      samples.length > 0 ? samples.flatMap((sample) => sampleLines(sample, verbose)) : ['  (no samples)'];
    return `${tool}\n${lines.join('\n')}\n`;
  });
  const total = `${count(samples.length, 'sample')} of ${count(results.length, 'tool')}: ${samples.length - failed} passed, ${failed} failed`;
  return `${blocks.join('')}\n${total}\n`;
}

function sampleLines({ title, passed, problem, result, error }: SampleResult, verbose: boolean): string[] {
  const head = `  ${passed ? 'pass' : 'FAIL'}  ${title}`;
  if (problem !== undefined) return [head, `        ${problem}`];
  if (!verbose) return [head];
  const text = error ? `raised ${error.code}: ${error.message}` : (result?.text ?? '');
  return [
    head,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `        ${line}`),
  ];
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
