import { Badge } from '@/ui/badge';
import { isEmpty, valueOf, type CellProps } from '../field-ui';
import { optionOf } from './options';

/** The chosen value in its colour. */
export function ChoiceCell(props: CellProps) {
  const value = valueOf(props);
  if (isEmpty(value)) return null;
  const option = optionOf(props.field, value);
  if (!option?.color) return <>{option?.label ?? String(value)}</>;
  return <Badge color={option.color} label={option.label} />;
}
