import type { FieldUi } from '../field-ui';
import { MoneyCell } from './cell';
import { MoneyEditor } from './editor';

export const money: FieldUi = { editor: MoneyEditor, cell: MoneyCell, filter: 'number', sortable: true, alignEnd: true, width: 140 };
