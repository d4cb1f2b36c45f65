import type { FieldUi } from '../field-ui';
import { OwnerCell } from './cell';

export const owner: FieldUi = { cell: OwnerCell, filter: 'reference', sortable: false, width: 190 };
