import type { EditorProps } from '../field-ui';
import { TextEditor } from '../text/editor';

/** One line of text with the keyboard that suits it. */
export function EmailEditor(editor: EditorProps) {
  return <TextEditor {...editor} inputType="email" />;
}
