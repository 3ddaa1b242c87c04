/** What came of asking for a line: the line, Ctrl-C, or the end of the input. */
export type Answer = { line: string } | 'interrupted' | 'end';

/** Where a REPL's input comes from. */
export interface Lines {
  /** Whether a person types; without one there are no prompts, no history and no completion. */
  readonly interactive: boolean;
  /** The next line, without its newline. `prompt` is shown to a person. */
  next(prompt: string): Promise<Answer>;
  /** A line with its newline for the running script, or with `all` everything that is left; undefined at the end. */
  input(all: boolean): Promise<string | undefined>;
  /** Gives up what is being asked at present; the asking ends as at the end of the input. */
  cancel(): void;
}
