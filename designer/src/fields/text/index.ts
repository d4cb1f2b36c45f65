import type { FieldUi } from '../field-ui';
import { TextCell } from './cell';
import { TextEditor } from './editor';

export const text: FieldUi = { editor: TextEditor, cell: TextCell, filter: 'text', sortable: true, width: 220 };
