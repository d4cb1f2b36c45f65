import type { FieldUi } from '../field-ui';
import { LookupCell } from './cell';

export const lookup: FieldUi = { cell: LookupCell, filter: 'reference', sortable: true, width: 190 };
