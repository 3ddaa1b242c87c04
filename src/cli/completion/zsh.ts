import type { CompletedCommand, CompletedOption, Offer } from './model.js';

/** A completion script for zsh: one function for each command, each an `_arguments` description. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef llmspell
# Completion of llmspell for zsh. Load it with: source <(llmspell completion zsh)
# or save it as _llmspell in a folder of $fpath.

${commands.map(commandFunction).join('\n')}
if [[ "\${funcstack[1]}" == _llmspell ]]; then
  _llmspell "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
  compdef _llmspell llmspell
fi
`;
}

const functionName = (path: readonly string[]) =>
  ['_llmspell', ...path.map((name) => name.replaceAll('-', '_'))].join('_');

function commandFunction(command: CompletedCommand): string {
  const specs = command.options.map(optionSpec);
  if (command.subcommands.length === 0) {
    const all = [...specs, ...command.args.map(argumentSpec)];
    return `${functionName(command.path)}() {\n  _arguments -s -S ${all.map((spec) => `\\\n    ${spec}`).join(' ')}\n}\n`;
  }
  const names = command.subcommands.map(({ name, summary }) =>
    quote(`${name.replaceAll(':', '\\:')}:${summary}`),
  );
  const cases = command.subcommands.map(
    ({ name }) => `        ${name}) ${functionName([...command.path, name])} ;;`,
  );
  return `${functionName(command.path)}() {
  local context curcontext="$curcontext" state line
  local -a subcommands=(
    ${names.join('\n    ')}
  )
  _arguments -s -S -C ${specs.map((spec) => `\\\n    ${spec}`).join(' ')} \\
    '1: :->command' \\
    '*:: :->rest'
  case "$state" in
    command) _describe -t commands 'command' subcommands ;;
    rest)
      case "$line[1]" in
${cases.join('\n')}
      esac
      ;;
  esac
}
`;
}

/** `'(-c --config)'{-c+,--config=}'[doc]:FILE:_files'` */
function optionSpec({ names, doc, value }: CompletedOption): string {
  const excluded = value?.repeat ? '*' : `(${names.join(' ')})`;
  const forms = names.map((name) => name + suffix(name, value));
  const set = forms.length > 1 ? `{${forms.join(',')}}` : forms[0]!;
  const argument = value
    ? `${value.onlyAfterEquals ? '::' : ':'}${plain(value.name)}:${action(value.offer)}`
    : '';
  return `${quote(excluded)}${set}${quote(`[${plain(doc)}]${argument}`)}`;
}

/** How a value is attached: in the same or the next word (`+`, `=`), or only in the same (`-`, `=-`). */
function suffix(name: string, value: CompletedOption['value']): string {
  if (!value) return '';
  if (name.startsWith('--')) return value.onlyAfterEquals ? '=-' : '=';
  return value.onlyAfterEquals ? '-' : '+';
}

function argumentSpec({ name, doc, offer, rest }: CompletedCommand['args'][number], at: number): string {
  return quote(`${rest ? '*' : at + 1}:${plain(`${name}: ${doc}`)}:${action(offer)}`);
}

function action(offer: Offer): string {
  if (offer === 'nothing') return ' ';
  if (offer === 'file') return '_files';
  return offer === 'directory' ? '_files -/' : `(${offer.join(' ')})`;
}

function plain(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
