import type { CompletedCommand, CompletedOption, Offer } from './model.js';

/**
 * A completion script for bash 3.2 and later. It walks over the words before the cursor to find the command they
 * lead to, jumping over the values of options; bash itself splits words at `=`, so `--name=value` arrives as three.
 */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const [root, ...others] = commands;
  return `# Completion of llmspell for bash. Load it with: source <(llmspell completion bash)

_llmspell_offer() {
  case "$1" in
    file) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")) ;;
    directory) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur")) ;;
    *) COMPREPLY=($(compgen -W "$1" -- "$cur")) ;;
  esac
}

# What follows an option, by command and option; fails for switches.
_llmspell_value() {
  case "$1 $2" in
${[...others, root!].flatMap((command) => valueCases(command, root!)).join('\n')}
    *) return 1 ;;
  esac
}

_llmspell() {
  local IFS=$' \\t\\n' cur="\${COMP_WORDS[COMP_CWORD]}" previous='' word='' offer='' path='' i=1 position=0 ended=''
  COMPREPLY=()
  while ((i < COMP_CWORD)); do
    word="\${COMP_WORDS[i]}"
    if [[ "$ended" ]]; then ((position++))
    elif [[ "$word" == -- ]]; then ended=1
    elif [[ "$word" == -* ]]; then
      if [[ "\${COMP_WORDS[i+1]}" == = ]]; then
        ((i + 2 >= COMP_CWORD)) && previous="$word"
        ((i += 2))
      elif offer="$(_llmspell_value "$path" "$word")" && [[ "$offer" != =* ]]; then
        ((i + 1 == COMP_CWORD)) && previous="$word"
        ((i++))
      fi
    else
      case "$path $word" in
${commands
  .filter(({ path }) => path.length > 0)
  .map(pathCase)
  .join('\n')}
        *) ((position++)) ;;
      esac
    fi
    ((i++))
  done
  [[ "$cur" == = ]] && cur=''
  IFS=$'\\n'
  if [[ "$previous" ]]; then
    offer="$(_llmspell_value "$path" "$previous")" && _llmspell_offer "\${offer#=}"
  elif [[ "$cur" == -* && ! "$ended" ]]; then
    case "$path" in
${commands.map(optionsCase).join('\n')}
    esac
  else
    case "$path $position" in
${commands.flatMap(positionCases).join('\n')}
    esac
  fi
}

complete -F _llmspell llmspell
`;
}

const key = ({ path }: CompletedCommand) => path.map((name) => `/${name}`).join('');

/** What the program itself takes holds for every command that does not take it over. */
function valueCases(command: CompletedCommand, root: CompletedCommand): string[] {
  const inherited = command === root ? [] : root.options.map(({ names }) => names.join());
  return command.options
    .filter(({ names }) => !inherited.includes(names.join()))
    .flatMap(({ names, value }) => {
      if (!value) return [];
      const prefix = command === root ? "*' '" : quote(`${key(command)} `);
      const patterns = names.map((name) => `${prefix}${name}`).join('|');
      return [`    ${patterns}) printf '%s\\n' ${offer(value.offer, value.onlyAfterEquals ? '=' : '')} ;;`];
    });
}

function pathCase(command: CompletedCommand): string {
  const parent = command.path
    .slice(0, -1)
    .map((name) => `/${name}`)
    .join('');
  return `        ${quote(`${parent} ${command.path.at(-1)}`)}) path=${quote(key(command))} ;;`;
}

function optionsCase(command: CompletedCommand): string {
  const names = command.options.flatMap(({ names }: CompletedOption) => names);
  return `      ${quote(key(command))}) _llmspell_offer ${words(names)} ;;`;
}

function positionCases(command: CompletedCommand): string[] {
  const subcommands = command.subcommands.map(({ name }) => name);
  if (subcommands.length > 0)
    return [`      ${quote(`${key(command)} 0`)}) _llmspell_offer ${words(subcommands)} ;;`];
  return command.args.map(({ offer: offered, rest }, position) => {
    const pattern = rest ? `${quote(`${key(command)} `)}*` : quote(`${key(command)} ${position}`);
    return `      ${pattern}) _llmspell_offer ${offer(offered)} ;;`;
  });
}

function offer(offered: Offer, prefix = ''): string {
  if (offered === 'nothing') return quote(prefix);
  return typeof offered === 'string' ? quote(prefix + offered) : words(offered, prefix);
}

/** Words on lines of their own, so that bash divides them only there. */
function words(list: readonly string[], prefix = ''): string {
  return `$'${prefix}${list.map((word) => word.replace(/[\\']/g, '\\$&')).join('\\n')}'`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
