import type { FieldUi } from '../field-ui';
import { TimeCell } from './cell';

export const time: FieldUi = { cell: TimeCell, filter: 'none', sortable: true, width: 100 };
