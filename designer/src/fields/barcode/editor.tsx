import type { EditorProps } from '../field-ui';
import { TextEditor } from '../text/editor';

/** One line of text in letters of one width. */
export function BarcodeEditor(editor: EditorProps) {
  return <TextEditor {...editor} mono />;
}
