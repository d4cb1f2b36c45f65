import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { ScriptLanguage, ScriptMistake } from '../language/protocol';
import { monaco, takeColours } from './monaco';
import { registerLanguage } from './monaco-language';
import styles from './scripts.module.css';

/** What an editor of a script needs. */
export interface CodeEditorProps {
  /** What screen readers call it, with how to leave it. */
  label: string;
  /** File name: its ending says which language it is. */
  file: string;
  value: string;
  mistakes: ScriptMistake[];
  /** Where the cursor is to go; another object goes there again. */
  target: { line: number; column: number } | null;
  language: ScriptLanguage | null;
  onChange(value: string): void;
}

/** An editor for scripts. */
export function CodeEditor({ label, file, value, mistakes, target, language, onChange }: CodeEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null);
  const dark = useComputedColorScheme('light') === 'dark';
  const heard = useRef(onChange);
  // Whoever types fast is ahead of the page: what comes back from there late must not replace what is in the editor.
  const told = useRef(new Set<string>());
  useEffect(() => {
    heard.current = onChange;
  });

  useEffect(() => {
    if (!box.current) return;
    const made = monaco.editor.create(box.current, {
      ariaLabel: label,
      automaticLayout: true,
      fixedOverflowWidgets: true,
      fontFamily: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
      fontSize: 13,
      language: file.endsWith('.ts') ? 'typescript' : 'javascript',
      minimap: { enabled: false },
      padding: { top: 8, bottom: 8 },
      quickSuggestions: { other: true, comments: false, strings: true },
      renderLineHighlight: 'none',
      scrollBeyondLastLine: false,
      tabSize: 2,
      value,
      wordBasedSuggestions: 'off',
      wordWrap: 'on',
      // The number of the last line would be too pale to read.
      renderFinalNewline: 'on',
    });
    editor.current = made;
    const listening = made.onDidChangeModelContent(() => {
      told.current.add(made.getValue());
      heard.current(made.getValue());
    });
    return () => {
      editor.current = null;
      listening.dispose();
      made.getModel()?.dispose();
      made.dispose();
    };
    // The text is the editor's own from now on; below, it is given another one where somebody discards it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [file, label]);

  useEffect(() => {
    if (!editor.current) return;
    if (editor.current.getValue() === value) told.current.clear();
    else if (!told.current.has(value)) editor.current.setValue(value);
  }, [value]);

  useEffect(() => takeColours(dark), [dark]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (!model) return;
    monaco.editor.setModelMarkers(model, 'script', mistakes.map(({ line, column, message }) => {
      const start = model.validatePosition({ lineNumber: Math.max(1, line), column: Math.max(1, column) });
      const word = model.getWordAtPosition(start);
      return { severity: monaco.MarkerSeverity.Error, message, startLineNumber: start.lineNumber, startColumn: start.column, endLineNumber: start.lineNumber, endColumn: word?.endColumn ?? model.getLineMaxColumn(start.lineNumber) };
    }));
  }, [mistakes, file]);

  useEffect(() => {
    if (!target || !editor.current) return;
    const position = { lineNumber: Math.max(1, target.line), column: Math.max(1, target.column) };
    editor.current.setPosition(position);
    editor.current.revealPositionInCenterIfOutsideViewport(position);
    editor.current.focus();
  }, [target]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (!model || !language) return;
    const registered = registerLanguage(language, model);
    return () => registered.forEach((each) => each.dispose());
  }, [language, file]);

  return <div ref={box} className={styles.code} />;
}
