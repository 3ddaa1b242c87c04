import type { CompletedCommand, Offer } from './model.js';

/** A completion script for PowerShell 5 and later. Files are left to PowerShell, which offers them by itself. */
export function pwshScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of llmspell for PowerShell. Load it with: llmspell completion pwsh | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'llmspell' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $commands = @{
${commands.map(entry).join('\n')}
    }
    $path = ''
    $value = $null
    $words = $commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() }
    foreach ($word in $words) {
        if ($null -ne $value) { $value = $null; continue }
        if ($word.StartsWith('-')) { $value = $commands[$path].After[$word]; continue }
        $deeper = "$path $word".Trim()
        if ($commands.ContainsKey($deeper)) { $path = $deeper }
    }
    $offers = if ($null -ne $value) { $value | ForEach-Object { @{ Text = $_; Doc = $_ } } } else { $commands[$path].Words }
    $offers | Where-Object { $_.Text -like "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_.Text, $_.Text, 'ParameterValue', $_.Doc)
    }
}
`;
}

function entry({ path, subcommands, options, args }: CompletedCommand): string {
  const words = [
    ...subcommands.map(({ name, summary }) => word(name, summary)),
    ...args.flatMap(({ offer, doc }) => listed(offer).map((text) => word(text, doc))),
    ...options.flatMap(({ names, doc }) => names.map((name) => word(name, doc))),
  ];
  const values = options
    .filter(({ value }) => value && !value.onlyAfterEquals)
    .flatMap(({ names, value }) =>
      names.map((name) => `${quote(name)} = @(${listed(value!.offer).map(quote).join(', ')})`),
    );
  return `        ${quote(path.join(' '))} = @{
            Words = @(${words.join(', ')})
            After = @{ ${values.join('; ')} }
        }`;
}

function listed(offer: Offer): readonly string[] {
  return typeof offer === 'string' ? [] : offer;
}

function word(text: string, doc: string): string {
  return `@{ Text = ${quote(text)}; Doc = ${quote(doc)} }`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
