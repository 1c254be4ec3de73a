// completion: scripts for shells, which ask this tool itself what may follow, by the hidden command `__complete`.
import type { Command } from 'commander';
import { lineWriter } from '../io.js';
import type { RunContext } from '../run-context.js';
import { commandGroup } from './command-group.js';

const NAMES = ['understudyctl', 'ctl'] as const;

const SCRIPTS = {
  bash: `# bash completion of understudyctl: source <(understudyctl completion bash)
_understudyctl() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _understudyctl ${NAMES.join(' ')}
`,
  zsh: `#compdef ${NAMES.join(' ')}
# zsh completion of understudyctl: source <(understudyctl completion zsh)
_understudyctl() {
  local -a found
  found=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a found || _files
}
compdef _understudyctl ${NAMES.join(' ')}
`,
  fish: `# fish completion of understudyctl: understudyctl completion fish | source
function __understudyctl_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] __complete -- $words[2..-1] 2>/dev/null
end
${NAMES.map((name) => `complete -c ${name} -a '(__understudyctl_complete)'`).join('\n')}
`,
  powershell: `# PowerShell completion of understudyctl: understudyctl completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${NAMES.join(',')} -ScriptBlock {
  param($word, $ast, $cursor)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -eq '') { $words += '' }
  & $ast.CommandElements[0].ToString() __complete '--' @words 2>$null
}
`,
} as const;

export function addCompletionCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'completion', 'print a completion script for a shell');
  for (const [shell, script] of Object.entries(SCRIPTS)) {
    const command = group.command(shell).description(`for ${shell}`);
    command.action(() => context.io.stdout(Buffer.from(script)));
  }
  const complete = program.command('__complete', { hidden: true }).argument('[words...]');
  complete.action((words: string[]) => {
    const line = lineWriter(context.io.stdout);
    for (const candidate of candidates(program, words)) line(candidate);
  });
}

/** What may stand in place of the last word. Flags only once it begins as one. */
export function candidates(program: Command, words: readonly string[]): string[] {
  const last = words.at(-1) ?? '';
  let command = program;
  for (const word of words.slice(0, -1)) {
    command = command.commands.find((each) => each.name() === word) ?? command;
  }
  const flags = [...command.options, ...(command === program ? [] : program.options)].flatMap(
    (option) => option.long ?? [],
  );
  const all = last.startsWith('-') ? flags : visible(command);
  return [...new Set(all)].filter((each) => each.startsWith(last)).sort();
}

function visible(command: Command): string[] {
  const shown = command.createHelp().visibleCommands(command);
  return shown.map((each) => each.name());
}
