import type { FieldUi } from '../field-ui';
import { IntegerCell } from './cell';
import { IntegerEditor } from './editor';

export const integer: FieldUi = { editor: IntegerEditor, cell: IntegerCell, filter: 'number', sortable: true, alignEnd: true, width: 110 };
