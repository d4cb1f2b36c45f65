/** The editor, with the parts of it that scripts need, and its helper in a worker from this server. */
import * as monaco from 'monaco-editor/editor.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import 'monaco-editor/features/bracketMatching/register.js';
import 'monaco-editor/features/caretOperations/register.js';
import 'monaco-editor/features/clipboard/register.js';
import 'monaco-editor/features/codicon/register.js';
import 'monaco-editor/features/comment/register.js';
import 'monaco-editor/features/contextmenu/register.js';
import 'monaco-editor/features/cursorUndo/register.js';
import 'monaco-editor/features/find/register.js';
import 'monaco-editor/features/folding/register.js';
import 'monaco-editor/features/gotoError/register.js';
import 'monaco-editor/features/hover/register.js';
import 'monaco-editor/features/indentation/register.js';
import 'monaco-editor/features/linesOperations/register.js';
import 'monaco-editor/features/multicursor/register.js';
import 'monaco-editor/features/parameterHints/register.js';
import 'monaco-editor/features/snippet/register.js';
import 'monaco-editor/features/suggest/register.js';
import 'monaco-editor/features/toggleTabFocusMode/register.js';
import 'monaco-editor/features/wordHighlighter/register.js';
import 'monaco-editor/features/wordOperations/register.js';
import 'monaco-editor/languages/definitions/javascript/register.js';
import 'monaco-editor/languages/definitions/typescript/register.js';

window.MonacoEnvironment = { getWorker: () => new EditorWorker() };

/** A colour of the page; the editor knows no short form. */
function colour(name: string): string {
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return /^#\w{3}$/.test(value) ? value.replace(/\w/g, '$&$&') : value;
}

/** What the editor's own themes show too pale to be read on the page: contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
const legible = {
  light: { rules: [{ token: 'annotation', foreground: '6B6B6B' }], colors: { 'editorBracketHighlight.foreground2': '#277327' } },
  dark: { rules: [{ token: 'comment', foreground: '7DA868' }, { token: 'regexp', foreground: 'CB8DB2' }], colors: {} },
};

/** Gives the editor the colours of the page. */
export function takeColours(dark: boolean): void {
  const name = dark ? 'xrm-dark' : 'xrm-light';
  const { rules, colors } = dark ? legible.dark : legible.light;
  monaco.editor.defineTheme(name, {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules,
    colors: { ...colors, 'editor.background': colour('--x-bg'), 'editorLineNumber.foreground': colour('--x-faint'), 'editorWidget.background': colour('--x-raised'), focusBorder: '#00000000' },
  });
  monaco.editor.setTheme(name);
}

export { monaco };
