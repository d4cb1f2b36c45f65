import type { FieldUi } from '../field-ui';
import { ChoicesCell } from './cell';

export const choices: FieldUi = { cell: ChoicesCell, filter: 'choices', width: 180 };
