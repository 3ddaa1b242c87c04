import type { CompletedCommand, CompletedOption, Offer } from './model.js';

/** A completion script for fish: one `complete` for each thing that can be said, each with the command it belongs to. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const paths = commands.map(({ path }) => path.join(' ')).filter((path) => path !== '');
  const valued = [
    ...new Set(commands.flatMap(({ options }) => options.filter(takesWord).flatMap(({ names }) => names))),
  ];
  return `# Completion of llmspell for fish. Load it with: llmspell completion fish | source

# Whether the words before the cursor lead to this command, and to none below it.
function __llmspell_at
    set -l path
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word ${valued.join(' ')}
            set skip 1
        else if not string match -q -- '-*' $word
            set -l deeper (string join ' ' $path $word)
            contains -- $deeper ${paths.map(quote).join(' ')}; or break
            set path $deeper
        end
    end
    test "$path" = "$argv"
end

complete -c llmspell -f
${commands.flatMap(commandLines).join('\n')}
`;
}

function commandLines(command: CompletedCommand): string[] {
  const at = quote(`__llmspell_at ${command.path.join(' ')}`.trim());
  const subcommands = command.subcommands.map(
    ({ name, summary }) => `complete -c llmspell -n ${at} -a ${name} -d ${quote(summary)}`,
  );
  const args = command.args.map(
    ({ name, offer }) => `complete -c llmspell -n ${at}${wanted(offer)} -d ${quote(name)}`,
  );
  return [...subcommands, ...args, ...command.options.map((option) => optionLine(at, option))];
}

function optionLine(at: string, { names, doc, value }: CompletedOption): string {
  const flags = names
    .map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
    .join(' ');
  // Without -r fish takes the value only behind `=`, which is what options with an optional value want.
  const argument = value ? `${value.onlyAfterEquals ? '' : ' -r'}${wanted(value.offer)}` : '';
  return `complete -c llmspell -n ${at} ${flags}${argument} -d ${quote(doc)}`;
}

function takesWord({ value }: CompletedOption): boolean {
  return value !== undefined && !value.onlyAfterEquals;
}

function wanted(offer: Offer): string {
  if (offer === 'nothing') return '';
  if (offer === 'file') return ' -F';
  return offer === 'directory' ? " -a '(__fish_complete_directories)'" : ` -a ${quote(offer.join(' '))}`;
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
