import type { FieldUi } from '../field-ui';
import { BarcodeCell } from './cell';

export const barcode: FieldUi = { cell: BarcodeCell, filter: 'text', sortable: true, width: 160 };
