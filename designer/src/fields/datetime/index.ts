import type { FieldUi } from '../field-ui';
import { DateTimeCell } from './cell';
import { DateTimeEditor } from './editor';

export const datetime: FieldUi = { editor: DateTimeEditor, cell: DateTimeCell, filter: 'datetime', sortable: true, width: 170 };
