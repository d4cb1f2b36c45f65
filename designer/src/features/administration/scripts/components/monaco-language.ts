import type { ScriptLanguage } from '../language/protocol';
import { monaco } from './monaco';

const { CompletionItemKind: kinds } = monaco.languages;
const kindOf: Record<string, monaco.languages.CompletionItemKind> = {
  function: kinds.Function,
  'local function': kinds.Function,
  method: kinds.Method,
  property: kinds.Field,
  getter: kinds.Field,
  setter: kinds.Field,
  const: kinds.Constant,
  let: kinds.Variable,
  var: kinds.Variable,
  parameter: kinds.Variable,
  class: kinds.Class,
  interface: kinds.Interface,
  type: kinds.Interface,
  enum: kinds.Enum,
  keyword: kinds.Keyword,
  string: kinds.Value,
};

function shown(signature: string, text: string): monaco.IMarkdownString[] {
  return [{ value: `\`\`\`typescript\n${signature}\n\`\`\`` }, ...(text ? [{ value: text }] : [])];
}

/** Lets a compiler help whoever writes in the editor. */
export function registerLanguage(language: ScriptLanguage, model: monaco.editor.ITextModel): monaco.IDisposable[] {
  const id = model.getLanguageId();
  const offsetOf = (position: monaco.Position) => model.getOffsetAt(position);
  return [
    monaco.languages.registerCompletionItemProvider(id, {
      triggerCharacters: ['.', "'", '"'],
      async provideCompletionItems(_model, position) {
        const word = model.getWordUntilPosition(position);
        const range = { startLineNumber: position.lineNumber, endLineNumber: position.lineNumber, startColumn: word.startColumn, endColumn: word.endColumn };
        const found = await language.complete(model.getValue(), offsetOf(position));
        return { suggestions: found.map(({ name, kind, sortText }) => ({ label: name, insertText: name, kind: kindOf[kind] ?? kinds.Text, sortText, range })) };
      },
      async resolveCompletionItem(item) {
        const { range, label } = item;
        if (!('startLineNumber' in range) || typeof label !== 'string') return item;
        const told = await language.explain(model.getValue(), model.getOffsetAt({ lineNumber: range.startLineNumber, column: range.endColumn }), label);
        return told ? { ...item, detail: told.signature, documentation: told.text } : item;
      },
    }),
    monaco.languages.registerHoverProvider(id, {
      async provideHover(_model, position) {
        const told = await language.hover(model.getValue(), offsetOf(position));
        if (!told) return null;
        const [from, to] = [model.getPositionAt(told.start), model.getPositionAt(told.start + told.length)];
        return { contents: shown(told.signature, told.text), range: monaco.Range.fromPositions(from, to) };
      },
    }),
    monaco.languages.registerSignatureHelpProvider(id, {
      signatureHelpTriggerCharacters: ['(', ','],
      async provideSignatureHelp(_model, position) {
        const help = await language.callHelp(model.getValue(), offsetOf(position));
        if (!help) return null;
        const signatures = help.signatures.map(({ label, text, parameters }) => ({ label, documentation: text, parameters: parameters.map((parameter) => ({ label: parameter.label, documentation: parameter.text })) }));
        return { value: { signatures, activeSignature: help.activeSignature, activeParameter: help.activeParameter }, dispose: () => undefined };
      },
    }),
  ];
}
