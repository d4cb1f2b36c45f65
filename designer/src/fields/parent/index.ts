import type { FieldUi } from '../field-ui';
import { ParentCell } from './cell';

export const parent: FieldUi = { cell: ParentCell, filter: 'reference', sortable: true, width: 190 };
