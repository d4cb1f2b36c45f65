import type { FieldUi } from '../field-ui';
import { MoneyCell } from './cell';

export const money: FieldUi = { cell: MoneyCell, filter: 'number', sortable: true, alignEnd: true, width: 140 };
