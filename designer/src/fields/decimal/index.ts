import type { FieldUi } from '../field-ui';
import { DecimalCell } from './cell';
import { DecimalEditor } from './editor';

export const decimal: FieldUi = { editor: DecimalEditor, cell: DecimalCell, filter: 'number', sortable: true, alignEnd: true, width: 130 };
