import type { FieldUi } from '../field-ui';
import { ChoiceCell } from './cell';
import { ChoiceEditor } from './editor';

export const choice: FieldUi = { editor: ChoiceEditor, cell: ChoiceCell, filter: 'choice', sortable: true, width: 140 };
