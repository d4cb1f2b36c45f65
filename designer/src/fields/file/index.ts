import type { FieldUi } from '../field-ui';
import { FileCell } from './cell';
import { FileEditor } from './editor';

export const file: FieldUi = { editor: FileEditor, cell: FileCell, filter: 'none', showsReadOnly: true, width: 140 };
