import { columnOf, type EditorProps } from '../field-ui';
import { FileBox } from './file-box';

/** One stored file. */
export function FileEditor(editor: EditorProps) {
  const column = columnOf(editor.field);
  return <FileBox editor={editor} values={[editor.values[column]]} several={false} onChange={([value]) => editor.onChange({ [column]: value ?? null })} />;
}
