import { NumberEditor } from '../decimal/editor';
import type { EditorProps } from '../field-ui';

/** A whole number. */
export function IntegerEditor(editor: EditorProps) {
  return <NumberEditor {...editor} digits={0} />;
}
