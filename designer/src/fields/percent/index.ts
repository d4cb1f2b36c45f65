import type { FieldUi } from '../field-ui';
import { PercentCell } from './cell';
import { PercentEditor } from './editor';

export const percent: FieldUi = { editor: PercentEditor, cell: PercentCell, filter: 'number', sortable: true, alignEnd: true, width: 110 };
