import { columnOf, type EditorProps } from '../field-ui';
import { FileBox } from '../file/file-box';

/** Any number of stored files. */
export function FilesEditor(editor: EditorProps) {
  const column = columnOf(editor.field);
  const value = editor.values[column];
  return <FileBox editor={editor} values={Array.isArray(value) ? value : []} several onChange={(next) => editor.onChange({ [column]: next.length ? next : null })} />;
}
