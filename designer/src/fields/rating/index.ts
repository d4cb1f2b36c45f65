import type { FieldUi } from '../field-ui';
import { RatingCell } from './cell';

export const rating: FieldUi = { cell: RatingCell, filter: 'number', sortable: true, width: 120 };
