import type { FieldUi } from '../field-ui';
import { DurationCell } from './cell';
import { DurationEditor } from './editor';

export const duration: FieldUi = { editor: DurationEditor, cell: DurationCell, filter: 'number', sortable: true, alignEnd: true, width: 110 };
