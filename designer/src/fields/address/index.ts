import type { FieldUi } from '../field-ui';
import { AddressCell } from './cell';

export const address: FieldUi = { cell: AddressCell, filter: 'text', sortable: true, wide: true, width: 240 };
