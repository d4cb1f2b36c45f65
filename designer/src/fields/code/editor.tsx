import type { EditorProps } from '../field-ui';
import { MultilineEditor } from '../multiline/editor';

/** Source text in letters of one width. */
export function CodeEditor(editor: EditorProps) {
  return <MultilineEditor {...editor} mono />;
}
