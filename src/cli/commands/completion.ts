import { closest } from '../../core/closest.js';
import { fail } from '../../core/errors.js';
import { defineCommand } from '../command.js';
import type { CompletedCommand, Words } from '../completion/model.js';

const SHELLS = ['bash', 'zsh', 'fish', 'pwsh'] as const;
type Shell = (typeof SHELLS)[number];

const INSTALL: Record<Shell, string> = {
  bash: "echo 'source <(llmspell completion bash)' >> ~/.bashrc",
  zsh: "echo 'source <(llmspell completion zsh)' >> ~/.zshrc",
  fish: 'llmspell completion fish > ~/.config/fish/completions/llmspell.fish',
  pwsh: 'llmspell completion pwsh | Out-String | Invoke-Expression   # in $PROFILE',
};

/** `llmspell completion`: scripts for shells, made from the command table. */
export default defineCommand({
  name: 'completion',
  summary: 'Print a script that lets a shell complete commands, options and names',
  args: [{ name: 'SHELL', doc: `One of ${SHELLS.join(', ')}`, complete: SHELLS }],
  examples: Object.values(INSTALL),
  async run({ args, terminal }) {
    const script = await generator(shellNamed(args.SHELL!));
    const [{ completedCommands }, commands, words] = await Promise.all([
      import('../completion/model.js'),
      import('../command-table.js').then(({ allCommands }) => allCommands()),
      knownWords(),
    ]);
    terminal.out(script(completedCommands(commands, words)));
    return 0;
  },
});

function shellNamed(name: string): Shell {
  const shell = name === 'powershell' ? 'pwsh' : SHELLS.find((each) => each === name);
  if (shell) return shell;
  const near = closest(name, SHELLS);
  throw fail('usage.invalid', `There is no completion for the shell '${name}'`, {
    hint: near ? `Did you mean '${near}'?` : `Shells: ${SHELLS.join(', ')}`,
  });
}

async function generator(shell: Shell): Promise<(commands: readonly CompletedCommand[]) => string> {
  switch (shell) {
    case 'bash':
      return (await import('../completion/bash.js')).bashScript;
    case 'zsh':
      return (await import('../completion/zsh.js')).zshScript;
    case 'fish':
      return (await import('../completion/fish.js')).fishScript;
    case 'pwsh':
      return (await import('../completion/pwsh.js')).pwshScript;
  }
}

/** The names that are complete at the time when the script is made. */
async function knownWords(): Promise<Words> {
  const [{ BUILT_IN_TOOLS }, { PROFILES }, { sectionNames }] = await Promise.all([
    import('../../tools/index.generated.js'),
    import('../../config/profiles.js'),
    import('../../config/sections.js'),
  ]);
  return {
    tool: BUILT_IN_TOOLS.map(({ name }) => name).sort(),
    profile: PROFILES.map(({ name }) => name),
    section: sectionNames(),
  };
}
