// The style sheet of a report. The page contains it, and its content security policy allows only this sheet, by its digest.
import { palettes } from '../theme.ts';

const { light, dark } = palettes;

export const styleSheet = `
:root { color-scheme: light dark; --page: ${light.background}; --text: ${light.text}; --muted: ${light.muted}; --line: ${light.grid}; --good: #1a7f37; --bad: #9a5b00; }
@media (prefers-color-scheme: dark) {
  :root { --page: ${dark.background}; --text: ${dark.text}; --muted: ${dark.muted}; --line: ${dark.grid}; --good: #4cc26b; --bad: #e6b422; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1rem 4rem; background: var(--page); color: var(--text); font: 16px/1.6 system-ui, "Noto Sans", "Noto Sans CJK KR", "Noto Sans CJK JP", sans-serif; }
:lang(ko) { word-break: keep-all; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
header p { font-size: 1.1rem; margin: .5rem 0 0; }
.facts, figcaption, .note { color: var(--muted); font-size: .875rem; }
figure { margin: 1rem 0 2rem; }
figure svg { display: block; max-width: 100%; height: auto; }
figure .dark { display: none; }
@media screen and (prefers-color-scheme: dark) { figure .light { display: none; } figure .dark { display: block; } }
details { margin: .5rem 0; }
summary { cursor: pointer; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums; }
caption { text-align: start; color: var(--muted); padding-bottom: .25rem; }
th, td { padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
thead th { color: var(--muted); font-weight: normal; }
tbody th { font-weight: normal; }
td.number, th.number { text-align: end; white-space: nowrap; }
code { font: .8125rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
ul.claims { list-style: none; padding: 0; }
ul.claims > li { margin: 1rem 0; padding-inline-start: 1.75rem; position: relative; }
ul.claims > li > .mark { position: absolute; inset-inline-start: 0; font-weight: bold; }
.holds { color: var(--good); }
.fails { color: var(--bad); }
a { color: inherit; }
@media print { body { max-width: none; } details { display: none; } }
`;
