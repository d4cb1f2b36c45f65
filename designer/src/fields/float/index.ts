import type { FieldUi } from '../field-ui';
import { FloatCell } from './cell';
import { FloatEditor } from './editor';

export const float: FieldUi = { editor: FloatEditor, cell: FloatCell, filter: 'number', sortable: true, alignEnd: true, width: 110 };
