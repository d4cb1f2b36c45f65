import type { FieldUi } from '../field-ui';
import { ChoiceCell } from './cell';

export const choice: FieldUi = { cell: ChoiceCell, filter: 'choice', sortable: true, width: 140 };
