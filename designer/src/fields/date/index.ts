import type { FieldUi } from '../field-ui';
import { DateCell } from './cell';
import { DateEditor } from './editor';

export const date: FieldUi = { editor: DateEditor, cell: DateCell, filter: 'date', sortable: true, width: 130 };
