import { NumberEditor } from '../decimal/editor';
import type { EditorProps } from '../field-ui';

/** A number of any precision. */
export function FloatEditor(editor: EditorProps) {
  return <NumberEditor {...editor}  />;
}
