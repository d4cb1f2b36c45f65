import type { FieldUi } from '../field-ui';
import { FilesCell } from './cell';
import { FilesEditor } from './editor';

export const files: FieldUi = { editor: FilesEditor, cell: FilesCell, filter: 'none', showsReadOnly: true, width: 140 };
