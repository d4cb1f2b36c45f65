import { NumberEditor } from '../decimal/editor';
import type { EditorProps } from '../field-ui';

/** A percentage; 25.5 means 25.5 %. */
export function PercentEditor(editor: EditorProps) {
  return <NumberEditor {...editor} digits={editor.field.scale ?? 2} unit="%" />;
}
