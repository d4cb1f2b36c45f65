import type { EditorProps } from '../field-ui';
import { MultilineEditor } from '../multiline/editor';

/** Source text in letters of one width. */
export function MarkdownEditor(editor: EditorProps) {
  return <MultilineEditor {...editor} mono />;
}
