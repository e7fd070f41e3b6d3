// descent completion: the completion script of a shell, and the words that it suggests.
import { clip, type Option, type Schema, toFlag } from '@descent/experiments';
import { Command, type Option as Flag } from 'commander';
import { badChoice, choiceArgument, findExperimentIn, isFlag } from '../flags.ts';
import { print } from '../terminal/terminal.ts';
import type { CommandEntries } from './entry.ts';

/** What the scripts read as: suggest file names. */
const FILES = '<file>';

const scripts = {
  bash: `# bash completion of descent. Load it with: source <(descent completion bash)
_descent() {
  local IFS=$'\\n'
  COMPREPLY=($("\${1/#\\~/$HOME}" completion bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  if [[ \${COMPREPLY[0]-} == '${FILES}' ]]; then COMPREPLY=(); else compopt +o default 2>/dev/null; fi
}
complete -o default -F _descent descent
`,
  zsh: `#compdef descent
# zsh completion of descent. Load it after compinit with: source <(descent completion zsh)
_descent() {
  local -a words_
  words_=("\${(@f)$("\${(Q)words[1]}" completion zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $words_[1] == '${FILES}' ]]; then _files; elif [[ -n $words_[1] ]]; then _describe descent words_; fi
}
if [[ $funcstack[1] == _descent ]]; then _descent "$@"; else compdef _descent descent; fi
`,
  fish: `# fish completion of descent. Load it with: descent completion fish | source
function __descent_suggest
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l suggestions ($before[1] completion fish -- $before[2..-1] "$current" 2>/dev/null)
    if test "$suggestions[1]" = '${FILES}'
        __fish_complete_path "$current"
    else
        for suggestion in $suggestions
            echo $suggestion
        end
    end
end
complete -c descent -f -a '(__descent_suggest)'
`,
};
type Shell = keyof typeof scripts;

export function create(name: string, commands: CommandEntries): Command {
  return new Command(name)
    .addArgument(choiceArgument('<shell>', 'shell of the script', Object.keys(scripts)))
    .argument('[words...]', 'after --: print the completions of the last word; the script calls this')
    .addHelpText('after', '\nExample:\n  descent completion bash >> ~/.bashrc\n')
    .action((shell: string, words: readonly string[]) => complete(commands, shell, words));
}

async function complete(commands: CommandEntries, shell: string, words: readonly string[]): Promise<void> {
  if (!Object.hasOwn(scripts, shell)) throw badChoice('completion', shell, Object.keys(scripts));
  if (words.length === 0) return print(scripts[shell as Shell]);
  const suggestions = await suggest(commands, words);
  if (suggestions === 'files') return print(FILES);
  const format = ({ word, help }: Suggestion) => {
    if (shell === 'bash' || help === '') return word;
    return shell === 'fish' ? `${word}\t${help}` : `${word.replaceAll(':', '\\:')}:${help}`;
  };
  if (suggestions.length > 0) print(suggestions.map(format).join('\n'));
}

interface Suggestion {
  readonly word: string;
  readonly help: string;
}

const toSuggestions = (words: readonly string[]) => words.map((word) => ({ word, help: '' }));

/** Returns the completions of the last word after `descent`, or 'files'. */
export async function suggest(commands: CommandEntries, typed: readonly string[]): Promise<Suggestion[] | 'files'> {
  const words = joinAssignments(typed);
  const current = words.pop() ?? '';
  const [flag = ''] = /^--[^=]*=/.exec(current) ?? [];
  const all = await listCandidates(commands, words, current);
  const fitting = all.filter(({ word }) => word !== FILES && word.startsWith(current.slice(flag.length)));
  if (fitting.length === 0 && all.some(({ word }) => word === FILES)) return 'files';
  // bash splits words at = and replaces the last part; other shells replace the whole word.
  const prefix = typed.at(-1) === current ? flag : '';
  return fitting.map(({ word, help }) => ({ word: prefix + word, help }));
}

/** Joins `--lang`, `=` and `k`, the words of bash, to one word. */
function joinAssignments(typed: readonly string[]): string[] {
  const words: string[] = [];
  for (const [i, word] of typed.entries()) {
    const isPart = word === '=' ? words.at(-1)?.startsWith('--') : typed[i - 1] === '=' && words.at(-1)?.endsWith('=');
    if (isPart) words[words.length - 1] += word;
    else words.push(word);
  }
  return words;
}

/** Lists all words that are possible after `words`. */
async function listCandidates(
  commands: CommandEntries,
  words: readonly string[],
  current: string,
): Promise<Suggestion[]> {
  const [name] = words;
  const summaries = Object.entries(commands).map(([word, { summary }]) => ({ word, help: summary }));
  if (name === undefined) return [...summaries, ...toSuggestions(['help', '--help', '--version'])];
  if (name === 'help') return summaries;
  if (!Object.hasOwn(commands, name)) return [];
  const command = (await (await commands[name]?.load())?.create(name, words)) as Command;
  const findFlag = (word = '') => command.options.find((flag) => isFlag(flag, word.split('=')[0]));
  const before = words.at(-1)?.includes('=') ? undefined : findFlag(words.at(-1));
  const takesValue = before?.required || (before?.optional && !current.startsWith('-'));
  const flag = current.includes('=') ? findFlag(current) : takesValue ? before : undefined;
  if (flag) return listValues(flag, findExperimentIn(words, command)?.options ?? {}, current.replace(/^--[^=]*=/, ''));
  if (current.startsWith('-')) {
    const flags = command.createHelp().visibleOptions(command);
    return flags.map(({ long, flags: both, description }) => ({ word: long ?? both, help: clip(description, 80) }));
  }
  const isArgument = (word: string, i: number) => !word.startsWith('-') && !findFlag(words[i])?.required;
  const index = words.slice(1).filter(isArgument).length;
  const known = command.registeredArguments;
  const argument = known[index] ?? known.find(({ variadic }) => variadic);
  return argument ? toSuggestions(argument.argChoices ?? [FILES]) : [];
}

/** Lists the values of a flag: choices of the experiment's option or of the flag, or files if it takes a path. */
function listValues(flag: Flag, options: Schema, current: string): Suggestion[] {
  const option = Object.entries(options).find(([name]) => toFlag(name) === flag.long)?.[1];
  if (option) return toSuggestions(listChoices(option, current));
  const paths = /<file>|<dir>|DIR>/.test(flag.flags) ? [FILES] : [];
  return toSuggestions([...(flag.flags.includes('mnist') ? ['mnist'] : []), ...(flag.argChoices ?? []), ...paths]);
}

function listChoices(option: Option, current: string): readonly string[] {
  if (option.kind === 'boolean') return ['true', 'false'];
  if (option.kind === 'enum') return option.choices;
  if (option.kind !== 'names') return [];
  const chosen = current.split(',').slice(0, -1);
  return option.choices.filter((name) => !chosen.includes(name)).map((name) => [...chosen, name].join(','));
}
