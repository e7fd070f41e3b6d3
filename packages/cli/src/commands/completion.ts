// descent completion: the completion script of a shell, and the words that it offers.
import { clip, experiments, type Option, toFlag } from '@descent/experiments';
import { Argument, Command, type Option as Flag } from 'commander';
import { badChoice, choicesOf } from '../flags.ts';
import { print } from '../terminal/terminal.ts';
import type { CommandEntries } from './entry.ts';

/** What a script reads where the shell is to offer the names of files. */
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
  local -a offers
  offers=("\${(@f)$("\${(Q)words[1]}" completion zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $offers[1] == '${FILES}' ]]; then _files; elif [[ -n $offers[1] ]]; then _describe descent offers; fi
}
if [[ $funcstack[1] == _descent ]]; then _descent "$@"; else compdef _descent descent; fi
`,
  fish: `# fish completion of descent. Load it with: descent completion fish | source
function __descent_offers
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l offers ($before[1] completion fish -- $before[2..-1] "$current" 2>/dev/null)
    if test "$offers[1]" = '${FILES}'
        __fish_complete_path "$current"
    else
        for offer in $offers
            echo $offer
        end
    end
end
complete -c descent -f -a '(__descent_offers)'
`,
};
type Shell = keyof typeof scripts;

/** Returns the command that completes the others. */
export const completionOf = (commands: CommandEntries) => ({ create: (name: string) => create(name, commands) });

function create(name: string, commands: CommandEntries): Command {
  const shells = Object.keys(scripts);
  const shell = new Argument('<shell>', `one of ${shells.join(', ')}`);
  choicesOf.set(shell, shells);
  return new Command(name)
    .addArgument(shell)
    .argument('[words...]', 'behind --: print what can complete the last of these words; the script calls it')
    .addHelpText('after', '\nExample:\n  descent completion bash >> ~/.bashrc\n')
    .action((wanted: string, words: readonly string[]) => complete(commands, wanted, words));
}

async function complete(commands: CommandEntries, shell: string, words: readonly string[]): Promise<void> {
  if (!Object.hasOwn(scripts, shell)) throw badChoice('completion', shell, Object.keys(scripts));
  if (words.length === 0) return print(scripts[shell as Shell]);
  const offers = await offersFor(commands, words);
  if (offers === 'files') return print(FILES);
  const lineOf = ({ word, help }: Offer) => {
    if (shell === 'bash' || help === '') return word;
    return shell === 'fish' ? `${word}\t${help}` : `${word.replaceAll(':', '\\:')}:${help}`;
  };
  if (offers.length > 0) print(offers.map(lineOf).join('\n'));
}

interface Offer {
  readonly word: string;
  readonly help: string;
}

const toOffers = (words: readonly string[]) => words.map((word) => ({ word, help: '' }));

/** Returns what can complete the last of the words after `descent`, or 'files'. */
export async function offersFor(commands: CommandEntries, typed: readonly string[]): Promise<Offer[] | 'files'> {
  const words = joined(typed);
  const current = words.pop() ?? '';
  const [flag = ''] = /^--[^=]*=/.exec(current) ?? [];
  const all = await candidates(commands, words, current);
  const fitting = all.filter(({ word }) => word !== FILES && word.startsWith(current.slice(flag.length)));
  if (fitting.length === 0 && all.some(({ word }) => word === FILES)) return 'files';
  // bash breaks words at = and replaces what follows it; other shells replace the whole word.
  const prefix = typed.at(-1) === current ? flag : '';
  return fitting.map(({ word, help }) => ({ word: prefix + word, help }));
}

/** `--lang`, `=`, `k` of bash as one word. */
function joined(typed: readonly string[]): string[] {
  const words: string[] = [];
  for (const [i, word] of typed.entries()) {
    const isPart = word === '=' ? words.at(-1)?.startsWith('--') : typed[i - 1] === '=' && words.at(-1)?.endsWith('=');
    if (isPart) words[words.length - 1] += word;
    else words.push(word);
  }
  return words;
}

/** Everything that can stand in the place of a word, whatever it begins with. */
async function candidates(commands: CommandEntries, words: readonly string[], current: string): Promise<Offer[]> {
  const [name] = words;
  const summaries = Object.entries(commands).map(([word, { summary }]) => ({ word, help: summary }));
  if (name === undefined) return [...summaries, ...toOffers(['help', '--help', '--version'])];
  if (name === 'help') return summaries;
  if (!Object.hasOwn(commands, name)) return [];
  const command = (await (await commands[name]?.load())?.create(name, words)) as Command;
  const flagOf = (word = '') => command.options.find(({ long, short }) => [long, short].includes(word.split('=')[0]));
  const before = words.at(-1)?.includes('=') ? undefined : flagOf(words.at(-1));
  const takesValue = before?.required || (before?.optional && !current.startsWith('-'));
  const flag = current.includes('=') ? flagOf(current) : takesValue ? before : undefined;
  if (flag) return valuesOf(flag, words, current.replace(/^--[^=]*=/, ''));
  if (current.startsWith('-')) {
    const flags = command.createHelp().visibleOptions(command);
    return flags.map(({ long, flags: both, description }) => ({ word: long ?? both, help: clip(description, 80) }));
  }
  const isArgument = (word: string, i: number) => !word.startsWith('-') && !flagOf(words[i])?.required;
  const place = words.slice(1).filter(isArgument).length;
  const known = command.registeredArguments;
  const argument = known[place] ?? known.find(({ variadic }) => variadic);
  return argument ? toOffers(choicesOf.get(argument) ?? [FILES]) : [];
}

/** The values of an option: its choices, from the schema of the experiment or the flag; files where it takes a path. */
function valuesOf(flag: Flag, words: readonly string[], current: string): Offer[] {
  const options = experiments.find(({ name }) => words.includes(name))?.options ?? {};
  const own = Object.entries(options).find(([name]) => toFlag(name) === flag.long)?.[1];
  if (own) return toOffers(choicesIn(own, current));
  const paths = /<file>|<dir>|DIR>/.test(flag.flags) ? [FILES] : [];
  return toOffers([...(flag.flags.includes('mnist') ? ['mnist'] : []), ...(choicesOf.get(flag) ?? []), ...paths]);
}

function choicesIn(option: Option, current: string): readonly string[] {
  if (option.kind === 'boolean') return ['true', 'false'];
  if (option.kind === 'enum') return option.choices;
  if (option.kind !== 'names') return [];
  const chosen = current.split(',').slice(0, -1);
  return option.choices.filter((name) => !chosen.includes(name)).map((name) => [...chosen, name].join(','));
}
