import type { FieldUi } from '../field-ui';
import { IconCell } from './cell';

export const icon: FieldUi = { cell: IconCell, filter: 'none', width: 80 };
