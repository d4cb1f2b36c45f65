import type { FieldUi } from '../field-ui';
import { FileCell } from './cell';

export const file: FieldUi = { cell: FileCell, filter: 'none', showsReadOnly: true, width: 140 };
