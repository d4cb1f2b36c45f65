import type { FieldUi } from '../field-ui';
import { ChildrenCell } from './cell';

export const children: FieldUi = { cell: ChildrenCell, filter: 'none', wide: true, showsReadOnly: true, width: 120 };
