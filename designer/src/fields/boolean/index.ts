import type { FieldUi } from '../field-ui';
import { BooleanCell } from './cell';
import { BooleanEditor } from './editor';

export const boolean: FieldUi = { editor: BooleanEditor, cell: BooleanCell, filter: 'boolean', sortable: true, width: 90 };
